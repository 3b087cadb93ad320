using System.Globalization;
using System.Text;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Checklist;

/// <summary>The checklist's lines on capabilities, where they need a server, a proxy and masks together. The others are in <c>MySql.Tests/Startup</c>.</summary>
[TestFixture]
public sealed class CapabilityTests
{
    [Test]
    public async Task DEPRECATE_EOF_an_FE_packet_is_the_end_only_below_0xFFFFFF_bytes([Values] MySqlFlavour flavour, [Values(0u, MySqlCapabilities.DeprecateEof)] uint capability, [Values] bool masked)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, capability);
        // A row whose first value is of 16 MB and more begins with FE, as the end of rows does.
        var value = masked ? "upper(repeat(ssn, 1250000))" : "repeat(name, 6000000)";
        var rows = await client.RowsAsync($"SELECT {value}, 'after' FROM people WHERE id = 1 UNION ALL SELECT 'short', 'last'");
        Assert.That(rows.Select(row => row[0]!.Length), Is.EqualTo(new[] { masked ? 17_500_000 : 18_000_000, 5 }));
        Assert.That(rows[0][0]!.Contains("CANARY", StringComparison.Ordinal), Is.False);
        Assert.That(rows.Select(row => row[1]), Is.EqualTo(new[] { "after", "last" }));
    }

    [Test]
    public async Task Metadata_of_INSERT_RETURNING_exists_only_at_execute([Values] bool cursor)
    {
        // The flag would bring MariaDB 10.11 down on DELETE … RETURNING; INSERT takes it.
        await using var client = await MySqlShop.ThroughProxyAsync(MySqlFlavour.MariaDb);
        var inserted = await PreparedQuery.RunAsync(client, $"INSERT INTO people VALUES ({(cursor ? 801 : 800)}, 'New', 'canaryreturned', 'canary@returned.example') RETURNING id, name, ssn, email, upper(ssn)", cursor);
        await client.QueryAsync("DELETE FROM people WHERE id >= 800");
        Assert.That(inserted.Error, Is.Null);
        Assert.That(inserted.Packets[0].Payload[5..9], Is.EqualTo(new byte[4]), "no columns and no parameters are told when it is prepared");
        Assert.That(inserted.Rows.Single(), Is.EqualTo(new[] { cursor ? "801" : "800", "New", "**************", "c***@example", "**************" }));
    }

    [Test]
    public async Task QUERY_ATTRIBUTES_stand_in_front_of_the_statement_that_is_judged_and_masked()
    {
        await using var client = await MySqlShop.ThroughProxyAsync(MySqlFlavour.MySql, MySqlCapabilities.QueryAttributes);
        Assert.That(client.Capabilities & MySqlCapabilities.QueryAttributes, Is.Not.Zero);
        // One attribute: no bitmap bit, types bound, VARCHAR, its name, its value, which looks like a statement.
        byte[] attributes = [3, 1, 1, 0, 1, 0xFE, 0, .. MySqlMessage.LengthEncoded("trace"), .. MySqlMessage.LengthEncoded("SELECT 1")];
        await client.SendCommandAsync([.. attributes, .. "SELECT ssn, name FROM people WHERE id = 1"u8]);
        var masked = await client.ReadResultsAsync();
        Assert.That(masked[^1].IsError, Is.False, masked[^1].ToString);
        Assert.That(MySqlShop.Shows(masked), Is.False);
        await client.SendCommandAsync([.. attributes, .. "DROP TABLE orders"u8]);
        var id = await MySqlShop.PendingAsync(MySqlFlavour.MySql);
        await MySqlShop.Proxy(MySqlFlavour.MySql).WgctlAsync(MySqlShop.Token, "deny", id, "--reason", "no");
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1142));
    }

    [Test]
    public async Task SESSION_TRACK_tells_the_database_that_names_are_of([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, MySqlCapabilities.SessionTrack);
        await using var direct = await MySqlShop.DirectAsync(flavour, MySqlCapabilities.SessionTrack);
        var (rows, questions) = await ChangeDatabaseAsync(client, flavour);
        Assert.That(rows[0], Is.EqualTo(new[] { "1", "Ada", "**************" }), "names without a database are of the one that the server told");
        // The proxy asks how a text of two statements reads, and then knows the database without asking again.
        Assert.That(questions - (await ChangeDatabaseAsync(direct, flavour)).Questions, Is.LessThan(2));
    }

    [Test]
    public async Task That_text_reads_otherwise_is_known_with_SESSION_TRACK_as_without([Values] MySqlFlavour flavour, [Values] bool tracks)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, tracks ? MySqlCapabilities.SessionTrack : 0);
        await client.RowsAsync("SET session_track_system_variables = '*'");
        await client.RowsAsync("SET sql_mode = 'ANSI_QUOTES'");
        Assert.That((await client.RowsAsync("SELECT \"name\", \"ssn\" FROM people WHERE id = 1"))[0], Is.EqualTo(new[] { "Ada", "**************" }));
        await client.RowsAsync("SET sql_mode = ''");
        Assert.That((await client.RowsAsync("SELECT \"name\", ssn FROM people WHERE id = 1"))[0], Is.EqualTo(new[] { "name", "**************" }));
    }

    [Test]
    public async Task Compression_by_zlib_is_the_clients_own_and_by_zstd_it_is_cleared([Values] MySqlFlavour flavour, [Values] bool zlib)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, MySqlCapabilities.Zstd | (zlib ? MySqlCapabilities.Compress : 0));
        Assert.That(client.Greeting!.Capabilities & (MySqlCapabilities.Compress | MySqlCapabilities.Zstd), Is.EqualTo(MySqlCapabilities.Compress));
        var rows = await client.RowsAsync("SELECT name, ssn, repeat('x', 1000) FROM people ORDER BY id; SHOW STATUS LIKE 'Compression'");
        Assert.That(rows[0][..2], Is.EqualTo(new[] { "Ada", "**************" }));
        Assert.That(rows[^1][1], Is.EqualTo("OFF"), "the server's leg has none");
        Assert.That(client.Compressed?.Packets.Deflated ?? 0, zlib ? Is.GreaterThan(0) : Is.Zero);
    }

    [Test]
    public async Task Optional_metadata_and_the_extensions_of_MariaDB_are_cleared([Values] MySqlFlavour flavour)
    {
        const uint Cleared = MySqlCapabilities.OptionalMetadata | MySqlCapabilities.MultiFactor;
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, Cleared);
        Assert.That(client.Greeting!.Capabilities & Cleared, Is.Zero);
        Assert.That(client.Greeting.MariaDbCapabilities, Is.Zero);
    }

    /// <summary>Rows of a table of the database that the session came to, and how many statements the server has got of it meanwhile.</summary>
    private static async Task<(IReadOnlyList<string?[]> Rows, int Questions)> ChangeDatabaseAsync(MySqlWireClient client, MySqlFlavour flavour)
    {
        await client.RowsAsync("USE information_schema");
        var before = await QuestionsAsync(client);
        Assert.That((await client.QueryAsync($"USE {MySqlShop.Database(flavour).Name}; SELECT 1"))[0].IsOk);
        var rows = await client.RowsAsync("SELECT id, name, ssn FROM people ORDER BY id");
        return (rows, await QuestionsAsync(client) - before);
    }

    private static async Task<int> QuestionsAsync(MySqlWireClient client) =>
        int.Parse((await client.RowsAsync("SHOW SESSION STATUS LIKE 'Questions'"))[0][1]!, CultureInfo.InvariantCulture);

    /// <summary>MariaDB's batches begin with a byte that is no command elsewhere, and carry statements that would pass unseen.</summary>
    [TestCase(0xFE)]
    [TestCase(0xFA)]
    public async Task Batches_of_MariaDBs_are_refused(int command)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(MySqlFlavour.MariaDb);
        var inner = Encoding.ASCII.GetBytes("\u0003SELECT ssn FROM people");
        await client.SendCommandAsync([(byte)command, (byte)inner.Length, 0, 0, .. inner]);
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1047));
        Assert.That(await client.RowsAsync("SELECT 1"), Has.Count.EqualTo(1));
    }
}
