using System.Text;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>What a mask leaves of every type, in text and in binary, is what the manual's table says, and the server takes it back for the type.</summary>
[TestFixture]
public sealed class TypeTests
{
    private static int _tables;

    private const string Zeros = "\0\0\0\0";

    /// <summary>Type, a value, what redact leaves, what partial leaves; both protocols alike.</summary>
    private static readonly (string Type, string Value, string Redacted, string Partial)[] Kinds =
    [
        ("tinyint", "-7", "0", "0"), ("tinyint unsigned", "200", "0", "0"), ("smallint", "-300", "0", "0"), ("mediumint", "70000", "0", "0"), ("int", "-70000", "0", "0"),
        ("int unsigned", "4000000000", "0", "0"), ("bigint", "-5000000000", "0", "0"), ("bigint unsigned", "18446744073709551615", "0", "0"), ("float", "1.5", "0", "0"), ("double", "-2.25", "0", "0"),
        ("decimal(12,2)", "1234.50", "0", "0"), ("year", "2003", "1970", "2003"), ("date", "'1999-12-31'", "1970-01-01", "1999-01-01"),
        ("datetime", "'1999-12-31 23:59:58'", "1970-01-01 00:00:00", "1999-01-01 00:00:00"), ("timestamp NULL", "'1999-12-31 23:59:58'", "1970-01-01 00:00:00", "1999-01-01 00:00:00"),
        ("time", "'-12:34:56'", "00:00:00", "00:00:00"), ("char(20)", "'canary-char-1234'", "****************", "************1234"),
        ("varchar(40)", "'canary-varchar-9876'", "*******************", "***************9876"), ("varchar(40)", "'short'", "*****", "*****"), ("text", "'canary-text-5555'", "****************", "************5555"),
        ("longtext", "'canary-long-6666'", "****************", "************6666"), ("enum('low','high')", "'high'", "low", "low"), ("set('a','b')", "'a,b'", "", ""),
        ("varbinary(8)", "x'01020304'", Zeros, Zeros), ("binary(4)", "x'01020304'", Zeros, Zeros), ("blob", "x'01020304'", Zeros, Zeros), ("varchar(40)", "NULL", null!, null!), ("int", "NULL", null!, null!),
    ];

    [Test]
    public async Task Every_type_is_masked_and_valid_in_text_and_in_binary([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var table = await MakeAsync(flavour, Kinds.Select((kind, index) => ($"m_{index}", kind.Type, kind.Value)).Concat(Kinds.Select((kind, index) => ($"p_{index}", kind.Type, kind.Value))));
        var expected = Kinds.Select(kind => kind.Redacted).Concat(Kinds.Select(kind => kind.Partial)).ToArray();
        Assert.That((await client.RowsAsync($"SELECT * FROM {table}")).Single(), Is.EqualTo(expected), "text");
        Assert.That((await PreparedQuery.RunAsync(client, $"SELECT * FROM {table}")).Rows.Single(), Is.EqualTo(expected), "binary");
        Assert.That((await PreparedQuery.RunAsync(client, $"SELECT * FROM {table}", cursor: true)).Rows.Single(), Is.EqualTo(expected), "binary, fetched from a cursor");
    }

    [Test]
    public async Task Hashes_are_the_same_in_both_protocols_and_NULL_takes_no_room([Values] MySqlFlavour flavour)
    {
        var some = Kinds.Where(kind => kind.Value != "NULL").ToArray();
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var table = await MakeAsync(flavour, some.Select((kind, index) => ($"h_{index}", kind.Type, kind.Value)).Concat(some.Select((kind, index) => ($"n_{index}", kind.Type, kind.Value))));
        var text = (await client.RowsAsync($"SELECT * FROM {table}")).Single();
        var binary = (await PreparedQuery.RunAsync(client, $"SELECT * FROM {table}")).Rows.Single();
        Assert.That(text[some.Length..], Is.All.Null);
        Assert.That(binary[some.Length..], Is.All.Null);
        Assert.That(binary[..some.Length], Is.EqualTo(text[..some.Length]));
        Assert.That(text[..some.Length].Zip(some).Where(pair => pair.First == pair.Second.Value.Trim('\'')).Select(pair => pair.Second.Type), Is.Empty);
    }

    [Test]
    public Task JSON_keeps_its_structure([Values] MySqlFlavour flavour) => JsonKeepsItsStructureAsync(flavour);

    /// <summary>The proxy asks the server whether it can parse a text, as the session would have it read, on the connection that also reads the catalog.</summary>
    [Test]
    public async Task JSON_keeps_its_structure_after_a_typo_of_a_session_that_reads_otherwise([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.QueryAsync("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
        await client.QueryAsync("SELECT 1");
        Assert.That((await client.QueryAsync("SELEC \"x\""))[^1].ErrorCode, Is.EqualTo(1064));
        await JsonKeepsItsStructureAsync(flavour);
    }

    [Test]
    public async Task A_value_of_many_packets_is_masked_as_it_passes([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var table = await MakeAsync(flavour, [("m_long", "longtext", "repeat('canary', 3500000)"), ("after", "int", "7")]);
        var row = (await client.RowsAsync($"SELECT m_long, after FROM {table}")).Single();
        Assert.That(row[0], Has.Length.EqualTo(21_000_000));
        Assert.That(row[0].AsSpan().ContainsAnyExcept('*'), Is.False);
        Assert.That(row[1], Is.EqualTo("7"));
    }

    private static async Task JsonKeepsItsStructureAsync(MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var table = await MakeAsync(flavour, [("m_json", "json", "'{\"a\": [1, \"canary\", true, null]}'")]);
        var value = (await client.RowsAsync($"SELECT m_json FROM {table}")).Single()[0]!;
        Assert.That(value.Replace(" ", "", StringComparison.Ordinal), Is.EqualTo("{\"a\":[0,\"******\",false,null]}"));
    }

    private static async Task<string> MakeAsync(MySqlFlavour flavour, IEnumerable<(string Name, string Type, string Value)> columns)
    {
        var all = columns.ToArray();
        var table = $"kinds_{Interlocked.Increment(ref _tables)}";
        await MySqlShop.Database(flavour).ExecuteAsync(
            $"CREATE TABLE {table} ({string.Join(", ", all.Select(column => $"{column.Name} {column.Type}"))})",
            new StringBuilder("INSERT INTO ").Append(table).Append(" VALUES (").AppendJoin(", ", all.Select(column => column.Value)).Append(')').ToString());
        await MySqlShop.LookAsync(flavour);
        return table;
    }
}
