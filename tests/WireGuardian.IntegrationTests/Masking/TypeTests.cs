using System.Text;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>
/// Every mask on every type, by a real server: what the contract's table says in text, the same value in binary, and a value that the server
/// takes back for the type.
/// </summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class TypeTests(PostgresVersion version)
{
    private static readonly string[] Masks = ["redact", "partial", "email", "null", "hash", "token"];

    private static readonly MaskedType[] Types =
    [
        new("text", "ada.lovelace@example.org", new string('*', 24)) { Partial = new string('*', 20) + ".org" },
        new("varchar(40)", "12345678", "********"),
        new("char(12)", "123456789", "************") { Loose = true },
        new("int2", "12345", "0"),
        new("int4", "1234567890", "0"),
        new("int8", "1234567890123456789", "0"),
        new("numeric", "123456789012345678901234567890.5", "0"),
        new("numeric(10,2)", "12345678.91", "0") { Loose = true },
        new("float4", "1.5e10", "0"),
        new("float8", "-1.25e100", "0"),
        new("bool", "t", "f"),
        new("date", "1999-12-31", "1970-01-01") { Partial = "1999-01-01" },
        new("timestamp", "1999-12-31 23:59:58", "1970-01-01 00:00:00") { Partial = "1999-01-01 00:00:00" },
        new("timestamptz", "1999-12-31 23:59:58+00", "1970-01-01 00:00:00+00") { Partial = "1999-01-01 00:00:00+00" },
        new("uuid", "123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"),
        new("inet", "192.168.1.5", "0.0.0.0"),
        new("json", """{"a": "secret", "b": [12345, null, true]}""", """{"a": "******", "b": [0, null, false]}""") { Loose = true },
        new("jsonb", """{"a": "secret", "b": [12345, null, true]}""", """{"a": "******", "b": [0, null, false]}""") { Loose = true },
        new("bytea", "\\x01020304ff", "\\x0000000000"),
        new("text[]", """{secret,NULL,"a b"}""", """{******,NULL,***}""") { Loose = true },
        new("int4[]", "{1,2,NULL}", "{0,0,NULL}"),
        new("date[]", "{1999-12-31}", "{1970-01-01}") { Loose = true },
        new("mood", "sad", "happy"),
        new("mood[]", "{sad,sad}", "{happy,happy}"),
        new("plate", "ABC-123", "*******"),
        new("count", "41", "0"),
        new("interval", "3 days", "00:00:00"),
        new("time", "12:13:14", "00:00:00"),
        new("macaddr", "08:00:2b:01:02:03", "00:00:00:00:00:00"),
        new("point", "(1,2)", null),
        new("int4range", "[1,5)", null),
        new("pair", "(1,secret)", null),
    ];

    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;

    private static IEnumerable<TestCaseData> Cases() =>
        from mask in Masks
        from type in Types
        select new TestCaseData(mask, type).SetArgDisplayNames(mask, type.Name);

    [OneTimeSetUp]
    public async Task Start()
    {
        var sql = new StringBuilder(
            "CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE DOMAIN plate AS text CHECK (length(VALUE) = 7); CREATE DOMAIN count AS int; CREATE TYPE pair AS (a int, b text);");
        foreach (var mask in Masks)
        {
            sql.Append($"CREATE TABLE by_{mask} (id int, {string.Join(", ", Types.Select((type, at) => $"v{at} {type.Name}"))});");
            for (var row = 1; row <= 2; row++)
                sql.Append($"INSERT INTO by_{mask} VALUES ({row}, {string.Join(", ", Types.Select(type => $"'{type.Value}'"))});");
            sql.Append($"INSERT INTO by_{mask} VALUES (3);");
        }
        _database = await (await SharedPostgres.Get(version)).CreateDatabaseAsync(sql.ToString());
        _proxy = await TestProxy.InFrontOfAsync(_database.Server, "masking:\n" + string.Join('\n', Masks.Select(
            mask => $"  - {{ name: by-{mask}, columns: [\"public.by_{mask}.v*\"], with: \"{mask}\" }}")));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Is_masked_as_promised_in_text_and_in_binary(string mask, MaskedType type)
    {
        await using var through = await LogInAsync(_proxy.Port);
        await using var direct = await LogInAsync(_database.Server.Port);
        var select = $"SELECT v{Array.IndexOf(Types, type)} FROM by_{mask} ORDER BY id";

        var text = (await ReadAsync(through, select, binary: false)).Select(value => value is null ? null : Encoding.UTF8.GetString(value)).ToList();
        var binary = await ReadAsync(through, select, binary: true);
        Assert.That(text, Has.Count.EqualTo(3));
        Assert.That(text[2], Is.Null, "NULL stays NULL");
        Assert.That(binary[2], Is.Null, "NULL stays NULL");
        Assert.That(text[1], Is.EqualTo(text[0]), "equal stays equal");
        Assert.That(text[0], Is.Not.EqualTo(type.Value));
        AssertAsPromised(mask, type, text[0]);

        if (text[0] is not { } masked)
        {
            Assert.That(binary[0], Is.Null);
            return;
        }
        var cast = type.Name == "plate" ? "text" : type.Name;
        var back = await ReadAsync(direct, $"SELECT $1::text::{cast}", binary: true, masked);
        Assert.That(binary[0], Is.EqualTo(back[0]), () => $"{masked}: in binary {Convert.ToHexString(binary[0] ?? [])}, the server makes of the text {Convert.ToHexString(back[0]!)}");
    }

    private static void AssertAsPromised(string mask, MaskedType type, string? masked)
    {
        var redacted = mask switch
        {
            "null" => null,
            "partial" => type.Partial ?? type.Redacted,
            "email" when type.Name == "text" => "a***@org",
            _ => type.Redacted,
        };
        var keyed = mask is "hash" or "token";
        if (mask == "null" || (!keyed && !type.Loose))
            Assert.That(masked, Is.EqualTo(redacted));
        if (keyed && type.Name is "text" or "int4" or "int8" or "uuid" or "numeric" or "bytea")
            Assert.That(masked, Is.Not.Null.And.Not.EqualTo(type.Redacted));
        if (type.Redacted is not null && mask != "null")
            Assert.That(masked, Is.Not.Null, "a value of the type can stand in");
    }

    private static async Task<IReadOnlyList<byte[]?>> ReadAsync(WireClient client, string sql, bool binary, params string?[] parameters)
    {
        await client.SendAsync(
            FrontendMessage.Parse("", sql),
            FrontendMessage.Bind("", "", [], [.. parameters.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))], [(short)(binary ? 1 : 0)]),
            FrontendMessage.Describe('P', ""), FrontendMessage.Execute(""), FrontendMessage.Sync);
        var frames = await client.ReadUntilAsync('Z');
        Assert.That(frames.Select(frame => frame.Type), Has.None.EqualTo('E'), () => string.Join('\n', frames));
        return [.. frames.Where(frame => frame.Type == 'D').Select(frame => frame.Values[0])];
    }

    private async Task<WireClient> LogInAsync(int port)
    {
        var client = await WireClient.LogInAsync(
            port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name, ("timezone", "UTC"), ("datestyle", "ISO"));
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    /// <param name="Name">The type, as in DDL.</param>
    /// <param name="Value">A value as the server writes it.</param>
    /// <param name="Redacted">What redact leaves of it; null for NULL.</param>
    public sealed record MaskedType(string Name, string Value, string? Redacted)
    {
        /// <summary>What partial leaves, where that is something else.</summary>
        public string? Partial { get; init; }

        /// <summary>The contract leaves the exact spelling open.</summary>
        public bool Loose { get; init; }

        public override string ToString() => Name;
    }
}
