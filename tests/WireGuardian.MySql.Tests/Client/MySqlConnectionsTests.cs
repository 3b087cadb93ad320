using WireGuardian.MySql.Client;
using WireGuardian.Proxy.Listening;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Time;

namespace WireGuardian.MySql.Tests.Client;

public sealed class MySqlConnectionsTests
{
    private static readonly CatalogLogin Root = new(MySqlAccounts.Root.User, MySqlAccounts.Root.Password);

    [Test]
    public async Task A_connection_is_used_again_and_a_broken_one_is_not()
    {
        await using var pool = await PoolAsync(Root);
        uint first;
        await using (var lease = await pool.RentAsync(CancellationToken.None))
            first = lease.Connection.ConnectionId;
        await using (var lease = await pool.RentAsync(CancellationToken.None))
        {
            Assert.That(lease.Connection.ConnectionId, Is.EqualTo(first));
            Assert.That(async () => await lease.Connection.QueryAsync("select sleep(5)", new CancellationTokenSource(20).Token), Throws.InstanceOf<OperationCanceledException>());
        }
        await using (var lease = await pool.RentAsync(CancellationToken.None))
            Assert.That(lease.Connection.ConnectionId, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task So_many_are_in_use_at_once_and_the_next_waits()
    {
        await using var pool = await PoolAsync(Root);
        var first = await pool.RentAsync(CancellationToken.None);
        await using var second = await pool.RentAsync(CancellationToken.None);
        var third = pool.RentAsync(CancellationToken.None);
        Assert.That(third.IsCompleted, Is.False);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var lease = await third;
        Assert.That(lease.Connection.ConnectionId, Is.EqualTo(first.Connection.ConnectionId));
    }

    [Test]
    public async Task An_idle_connection_that_the_server_has_closed_is_replaced()
    {
        var time = new FakeTime();
        await using var pool = await PoolAsync(Root, time);
        uint id;
        await using (var lease = await pool.RentAsync(CancellationToken.None))
            id = lease.Connection.ConnectionId;
        await (await SharedMySql.MariaDb).ExecuteAsync("", $"kill {id}");
        time.Advance(TimeSpan.FromSeconds(20));
        await using (var lease = await pool.RentAsync(CancellationToken.None))
            Assert.That((await lease.Connection.QueryAsync("select 1", CancellationToken.None)).Rows, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_password_is_not_tried_with_every_statement()
    {
        var time = new FakeTime();
        var server = await SharedMySql.MariaDb;
        await using var pool = await PoolAsync(Root with { Password = "wrong" }, time);
        var before = await AbortedAsync(server);
        for (var round = 0; round < 10; round++)
        {
            Assert.That(
                async () => await pool.RentAsync(CancellationToken.None),
                Throws.TypeOf<CatalogLoginException>().With.Message.Contains("Access denied").And.Message.Contains("error 1045").And.Not.Message.Contains("wrong"));
        }
        Assert.That(await AbortedAsync(server) - before, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(async () => await pool.RentAsync(CancellationToken.None), Throws.TypeOf<CatalogLoginException>());
        Assert.That(await AbortedAsync(server) - before, Is.EqualTo(2));
    }

    private static async Task<int> AbortedAsync(MySqlServer server) =>
        int.Parse((await server.ScalarAsync("select variable_value from information_schema.global_status where variable_name = 'Access_denied_errors'"))!);

    private static async Task<MySqlConnections> PoolAsync(CatalogLogin login, TimeProvider? time = null) => new(
        MySqlConnectionTests.ListenerOf(await SharedMySql.MariaDb), login, new MySqlClientOptions(), most: 2, time ?? TimeProvider.System);
}
