using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Tls;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

public class ConnectionTests
{
    private static readonly IReadOnlyList<MaskingRule> Rules = [Rule("contact", "*.*.email")];

    [Test]
    public async Task A_wrong_password_is_named_and_not_shown()
    {
        var server = await SharedPostgres.Version15;
        await CreateLoginAsync(server);
        await using var catalog = new PostgresCatalog(Listener(server, "not-it"), "postgres", () => Rules, TimeProvider.System);
        var refusal = (await Assert.ThrowsAsync<CatalogUnavailableException>(async () => await catalog.GetFreshAsync(CancellationToken.None)))!;
        Assert.That(refusal.Message, Does.Contain("password authentication failed").And.Contain("28P01").And.Not.Contain("not-it"));
        Assert.That((catalog.Current, catalog.IsFresh), Is.EqualTo(((ICatalogSnapshot?)null, false)));
        Assert.That(await catalog.IsSyntaxErrorAsync("selec", true, CancellationToken.None), Is.False, "cannot be asked");
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task A_server_that_went_away_is_refused_and_taken_up_when_it_is_back(CancellationToken cancellationToken)
    {
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15);
        await CreateLoginAsync(server);
        await server.ExecuteAsync("create table people (email text)");
        await using var catalog = new PostgresCatalog(Listener(server), "postgres", () => Rules, TimeProvider.System);
        _ = await catalog.GetFreshAsync(cancellationToken);

        await server.StopAsync();
        await Assert.ThrowsAsync<CatalogUnavailableException>(async () => await catalog.GetFreshAsync(cancellationToken));
        Assert.That(catalog.IsFresh, Is.False);

        await server.StartAgainAsync();
        while (!catalog.IsFresh)
        {
            try
            {
                _ = await catalog.GetFreshAsync(cancellationToken);
            }
            catch (CatalogUnavailableException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    [Test]
    public async Task Connections_that_the_server_ended_are_replaced_without_an_error()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, "create table people (email text)", [.. Rules]);
        _ = await bench.ViewAsync();
        await bench.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wireguardian' and datname = current_database()");
        Assert.That(await bench.ResolveAsync("select email from people"), Is.EqualTo("email: Masked contact"));
    }

    [TestCase(TlsMode.Prefer, true)]
    [TestCase(TlsMode.Require, true)]
    [TestCase(TlsMode.VerifyFull, true)]
    [TestCase(TlsMode.Prefer, false)]
    [TestCase(TlsMode.Require, false)]
    [TestCase(TlsMode.VerifyFull, false)]
    public async Task A_given_authority_is_honoured(TlsMode mode, bool right)
    {
        using var certificates = new Certificates();
        using var others = new Certificates();
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15, new PostgresServerOptions { Certificates = certificates });
        await CreateLoginAsync(server);
        var listener = Listener(server) with
        {
            Upstream = new System.Net.DnsEndPoint("localhost", server.Port),
            UpstreamTls = new UpstreamTlsOptions(mode, [(right ? certificates : others).Authority]),
        };
        await using var catalog = new PostgresCatalog(listener, "postgres", () => Rules, TimeProvider.System);
        if (!right)
        {
            await Assert.ThrowsAsync<CatalogUnavailableException>(async () => await catalog.GetFreshAsync(CancellationToken.None));
            return;
        }
        _ = await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(
            await server.ScalarAsync("select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'wireguardian'"), Is.True);
    }

    [Test]
    public async Task Sessions_of_a_database_share_one_catalog_and_others_have_their_own()
    {
        var server = await SharedPostgres.Version15;
        await CreateLoginAsync(server);
        await using var catalogs = new PostgresCatalogs(() => Rules, TimeProvider.System, new PostgresCatalogOptions { MaxCatalogs = 2 });
        var listener = Listener(server);
        using var one = catalogs.Acquire(listener, "a")!;
        using var two = catalogs.Acquire(listener, "a")!;
        var other = catalogs.Acquire(listener, "b")!;
        Assert.That(two.Catalog, Is.SameAs(one.Catalog));
        Assert.That(other.Catalog, Is.Not.SameAs(one.Catalog));
        Assert.Throws<CatalogUnavailableException>(() => catalogs.Acquire(listener, "c"));
        other.Dispose();
        other.Dispose();
        using var third = catalogs.Acquire(listener, "c");
        Assert.That(catalogs.Count, Is.EqualTo(2));
        Assert.That(catalogs.Acquire(listener with { Catalog = null }, "a"), Is.Null);
    }

    [Test]
    public async Task A_rename_while_nobody_is_connected_does_not_take_a_mask_off()
    {
        await using var bench = await StartAsync(PostgresVersion.Version15, "create table people (email text)");
        await using var catalogs = new PostgresCatalogs(() => Rules, TimeProvider.System, new PostgresCatalogOptions { MaxCatalogs = 1 });
        var listener = Listener(bench.Database.Server);
        using (var first = catalogs.Acquire(listener, bench.Database.Name)!)
            _ = await first.Catalog.GetFreshAsync(CancellationToken.None);
        catalogs.Acquire(listener, "another")!.Dispose();
        await bench.ExecuteAsync("alter table people rename column email to note");
        using var second = catalogs.Acquire(listener, bench.Database.Name)!;
        var view = (await second.Catalog.GetFreshAsync(CancellationToken.None)).ViewFor(Alice);
        var table = (uint)(long)(await bench.Database.ScalarAsync("select 'people'::regclass::oid::bigint"))!;
        Assert.That(view.Resolve(table, 1).Origin, Is.EqualTo(ColumnOrigin.Masked));
    }
}
