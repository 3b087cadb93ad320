using System.Buffers.Binary;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>Large values stream, slow readers hold nothing but their own connection. Each test has a proxy of its own, to look at its memory.</summary>
[Category("Slow")]
public sealed class LargeValueTests
{
    private const long MostMemory = 150L << 20;

    [Test]
    public async Task A_masked_value_of_200_MB_streams()
    {
        const int size = 200_000_000;
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync(ChecklistDatabase.People);
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, ChecklistProxy.Rules);
        await using var client = await ConnectAsync(proxy, database);
        await database.ExecuteAsync($"insert into people values (9, 'large', repeat('s', {size}), '')");
        await client.SendAsync(Query("select ssn, name from people where id = 9"));
        await client.ReadUntilAsync('T');
        var header = await client.ReadAsync(5);
        Assert.That((char)header[0], Is.EqualTo('D'));
        var left = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
        Assert.That(BinaryPrimitives.ReadInt32BigEndian((await client.ReadAsync(6)).AsSpan(2)), Is.EqualTo(size));
        left -= 6;
        for (var masked = size; masked > 0;)
        {
            var chunk = await client.ReadAsync(Math.Min(masked, 1 << 20));
            Assert.That(chunk.AsSpan().IndexOfAnyExcept((byte)'*'), Is.EqualTo(-1));
            (masked, left) = (masked - chunk.Length, left - chunk.Length);
        }
        await client.ReadAsync(left);
        Assert.That((await client.ReadReadyAsync()).Types(), Is.EqualTo("CZ"));
        Assert.That(Memory.PeakOfProcess(proxy.Process.Id), Is.LessThan(MostMemory));
    }

    [Test]
    public async Task A_bind_value_of_50_MB_passes()
    {
        const int size = 50_000_000;
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync(ChecklistDatabase.People);
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, ChecklistProxy.Rules);
        await using var client = await ConnectAsync(proxy, database);
        var value = new byte[size];
        Array.Fill(value, (byte)'x');
        await client.SendAsync(Parse("", "select length($1::text)"), Bind("", "", [], [value], []), Execute(""), Sync);
        var frames = await client.ReadReadyAsync();
        Assert.That(frames.Single(frame => frame.Type == 'D').Texts[0], Is.EqualTo("50000000"));
        Assert.That(Memory.PeakOfProcess(proxy.Process.Id), Is.LessThan(MostMemory));
    }

    [Test]
    public async Task A_reader_that_stops_before_gigabytes_costs_no_memory([Values] bool masked)
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync(ChecklistDatabase.People);
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, ChecklistProxy.Rules);
        await using var client = await ConnectAsync(proxy, database);
        await client.SendAsync(Query($"select {(masked ? "ssn" : "name")}, repeat('x', 1000) from people, generate_series(1, 1000000)"));
        // Some rows, then nothing for a while; the server has gigabytes to send meanwhile.
        for (var row = 0; row < 1000; row++)
            await client.ReadFrameAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.That(Memory.PeakOfProcess(proxy.Process.Id), Is.LessThan(MostMemory));
        await using var other = await ConnectAsync(proxy, database);
        Assert.That((await other.QueryAsync("select 1")).Types(), Is.EqualTo("TDCZ"));
    }

    [Test]
    public async Task A_client_that_does_not_read_while_its_statement_is_held_costs_no_memory_for_what_it_sends()
    {
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync(ChecklistDatabase.People);
        await using var proxy = await TestProxy.InFrontOfAsync(database.Server, ChecklistProxy.Rules);
        await using var client = await ConnectAsync(proxy, database);
        client.Timeout = TimeSpan.FromSeconds(3);
        await client.SendAsync(Query("drop table plain"));
        var query = Query($"select '{new string('x', 1 << 20)}'");
        try
        {
            for (var sent = 0; sent < 300; sent++)
                await client.SendAsync(query);
            Assert.Fail("300 MB were taken");
        }
        catch (OperationCanceledException)
        {
            // It is not read beyond a limit.
        }
        Assert.That(Memory.PeakOfProcess(proxy.Process.Id), Is.LessThan(MostMemory));
    }

    private static async Task<WireClient> ConnectAsync(TestProxy proxy, PostgresDatabase database)
    {
        var client = await WireClient.LogInAsync(proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, database.Name);
        client.Timeout = TimeSpan.FromMinutes(2);
        return client;
    }
}
