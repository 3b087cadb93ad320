using System.Globalization;
using System.Text;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>Compression (zlib) on the client's leg, with masks, holds and packets of every size. The client here is as strict about numbers as MySQL's own library.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class CompressionTests(MySqlFlavour flavour)
{
    private static readonly string[] Statements =
    [
        "SELECT * FROM people ORDER BY id", "SELECT upper(ssn), id, repeat('long', 400) FROM people ORDER BY id", "SELECT 1; SELECT ssn FROM people ORDER BY id; SELECT nothing", "SELECT * FROM nowhere",
        "SELECT a.ssn, b.id FROM people a, people b, people c, people d, people e, people f, people g, people h, people i, people j, people k, people l",
        "SELECT ssn FROM people UNION ALL SELECT extractvalue(1, concat('~', ssn)) FROM people",
    ];

    [TestCaseSource(nameof(Statements))]
    public async Task An_answer_is_masked_as_without(string sql)
    {
        await using var plain = await MySqlShop.ThroughProxyAsync(flavour);
        await using var compressed = await CompressedAsync();
        var packets = await compressed.QueryAsync(sql);
        Assert.That(packets.Select(Show), Is.EqualTo((await plain.QueryAsync(sql)).Select(Show)));
        Assert.That(MySqlShop.Shows(packets), Is.False);
        Assert.That(compressed.Compressed!.Packets.All, Is.GreaterThan(0));
    }

    [Test]
    public async Task Binary_rows_are_masked_as_without([Values] bool cursor)
    {
        await using var client = await CompressedAsync();
        var rows = (await PreparedQuery.RunAsync(client, "SELECT id, ssn, repeat('x', 300) FROM people ORDER BY id", cursor)).Rows;
        Assert.That(rows.Select(row => row[1]), Is.EqualTo(new[] { "**************", "**************" }));
        Assert.That(client.Compressed!.Packets.Deflated, Is.GreaterThan(0));
    }

    /// <summary>Packets of the protocol lie across compressed ones, of which there are more than there are numbers.</summary>
    [Test]
    public async Task Seventeen_megabytes_pass_each_way([Values(0xFF_FFFF, 40_000)] int largestPlain, [Values] bool random)
    {
        await using var client = await CompressedAsync();
        client.Compressed!.LargestPlain = largestPlain;
        var text = random ? Random(17_000_000) : new string('y', 17_000_000);
        var rows = await client.RowsAsync($"SELECT '{text}', ssn FROM people WHERE id = 1");
        Assert.That(rows.Single(), Is.EqualTo(new[] { text, "**************" }));
        Assert.That((await client.RowsAsync("SELECT 1"))[0][0], Is.EqualTo("1"));
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task A_command_may_lie_in_many_packets(int largestPlain)
    {
        await using var client = await CompressedAsync();
        client.Compressed!.LargestPlain = largestPlain;
        var rows = await client.RowsAsync("SELECT name, ssn FROM people WHERE id = 1 AND 'a text that makes this longer than there are numbers, if it is sent in pieces of one byte, which a hostile or a very odd client may do, and goes on and on and on until there are enough of them, and some' <> ''");
        Assert.That(rows.Single(), Is.EqualTo(new[] { "Ada", "**************" }));
    }

    [Test]
    public async Task Commands_may_lie_in_one_packet()
    {
        await using var client = await CompressedAsync();
        client.Compressed!.ChecksNumbers = false;
        byte[] commands = [.. MySqlMessage.Framed(MySqlMessage.Query("SELECT ssn FROM people WHERE id = 1")), .. MySqlMessage.Framed(MySqlMessage.Query("SELECT name, repeat('x', 100) FROM people WHERE id = 2"))];
        client.Compressed.StartCommand();
        await client.SendAsync(commands);
        Assert.That(MySqlShop.Shows(await client.ReadResultsAsync()), Is.False);
        Assert.That(Encoding.ASCII.GetString([.. (await client.ReadResultsAsync()).SelectMany(packet => packet.Payload)]), Does.Contain("Ben"));
    }

    [Test]
    public async Task A_statement_is_held_and_approved_or_denied([Values] bool approves)
    {
        await using var client = await CompressedAsync();
        var held = client.QueryAsync("CREATE TABLE compressed_held (a int)");
        var id = await MySqlShop.PendingAsync(flavour);
        await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, approves ? ["approve", id] : ["deny", id, "--reason", "no"]);
        var answer = (await held).Single();
        Assert.That(answer.IsOk, Is.EqualTo(approves), answer.ToString);
        if (approves)
            await MySqlShop.Database(flavour).ExecuteAsync("DROP TABLE compressed_held");
        else
            Assert.That(answer.ErrorCode, Is.EqualTo(1142));
        Assert.That(await client.RowsAsync("SELECT 1"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_says_goodbye_abandons_what_is_held()
    {
        var client = await CompressedAsync();
        await client.SendCommandAsync(MySqlMessage.Query("DROP TABLE orders"));
        var id = await MySqlShop.PendingAsync(flavour);
        await client.SendCommandAsync([1]);
        await client.ReadToEndAsync();
        await client.DisposeAsync();
        var shown = await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, "show", id, "--output", "json");
        Assert.That(shown.Output, Does.Contain("abandoned"));
    }

    [Test]
    public async Task CHANGE_USER_leaves_it_on()
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, MySqlCapabilities.Compress, MySqlAccounts.Empty);
        var plugin = client.Greeting!.Plugin;
        await client.SendCommandAsync(MySqlMessage.ChangeUser(
            MySqlAccounts.App.User, MySqlPassword.Answer(plugin, MySqlAccounts.App.Password, client.Greeting.Scramble, tls: false), MySqlShop.Database(flavour).Name, plugin));
        var answer = await client.AnswerAsync(plugin, client.Greeting.Scramble, MySqlAccounts.App.Password);
        Assert.That(answer.IsOk, answer.ToString);
        Assert.That((await client.RowsAsync("SELECT ssn, repeat('x', 500) FROM people WHERE id = 1"))[0][0], Is.EqualTo("**************"));
        Assert.That(client.Compressed!.Packets.Deflated, Is.GreaterThan(0));
    }

    [Test]
    public async Task TLS_lies_around_it()
    {
        var database = MySqlShop.Database(flavour);
        var certificate = SharedMySql.Certificates.Server;
        await using var proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{database.Server.Endpoint}}}"
                upstreamTls: { mode: prefer }
                tls: { mode: require, certificate: {{{certificate.CertificatePath}}}, key: {{{certificate.KeyPath}}} }
            """);
        await using var client = await MySqlWireClient.LogInAsync(
            proxy.Port, new MySqlLogin(MySqlAccounts.App, database.Name) { Capabilities = MySqlCapabilities.Plain | MySqlCapabilities.Compress, Tls = true });
        Assert.That(client.Tls, Is.Not.Null);
        var text = Random(300_000);
        Assert.That((await client.RowsAsync($"SELECT '{text}', repeat('x', 200000)"))[0], Is.EqualTo(new[] { text, new string('x', 200_000) }));
        Assert.That(client.Compressed!.Packets.Deflated, Is.GreaterThan(0));
        string[] compression = flavour == MySqlFlavour.MariaDb ? ["--compress"] : ["--compression-algorithms=zlib"];
        var result = await database.Server.CommandLineAsync(
            proxy.Port, "SELECT id, repeat('x', 1000) FROM orders ORDER BY id", MySqlAccounts.App, database.Name, [$"--ssl-ca={SharedMySql.Certificates.AuthorityPath}", .. compression]);
        Assert.That(result.EnsureSuccess().Output, Is.EqualTo($"1\t{new string('x', 1000)}\n2\t{new string('x', 1000)}\n"));
    }

    [Test]
    public async Task The_metric_of_bytes_counts_what_stands_inside()
    {
        var proxy = MySqlShop.Proxy(flavour);
        var before = await BytesToClientAsync(proxy);
        await using var client = await CompressedAsync();
        await client.RowsAsync("SELECT repeat('x', 3000000)");
        Assert.That(await BytesToClientAsync(proxy) - before, Is.InRange(3_000_000, 3_100_000));
    }

    [TestCase(0, 100, "not what zlib compresses to")]
    [TestCase(7, 0, "out of order")]
    public async Task What_is_no_compressed_packet_ends_the_session_with_an_error(byte number, int plainLength, string why)
    {
        await using var client = await CompressedAsync();
        client.Compressed!.ChecksNumbers = false;
        await client.Compressed.SendRawAsync(5, number, plainLength, [1, 2, 3, 4, 5]);
        var error = await client.ReadPacketAsync();
        Assert.That(error.ErrorCode, Is.EqualTo(1835));
        Assert.That(error.ErrorMessage, Does.Contain(why));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        var trail = await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, "audit", "--limit", "20", "--output", "json");
        Assert.That(trail.Output, Does.Contain("protocol-error").And.Contain(error.ErrorMessage));
    }

    [Test]
    public async Task So_does_one_that_grows_beyond_what_it_says_while_a_statement_is_held()
    {
        await using var client = await CompressedAsync();
        await client.SendCommandAsync(MySqlMessage.Query("DROP TABLE orders"));
        await MySqlShop.PendingAsync(flavour);
        var deflated = MySqlCompressedStream.Deflate(new byte[1_000_000]);
        await client.Compressed!.SendRawAsync(deflated.Length, 0, 500_000, deflated);
        Assert.That((await client.ReadPacketAsync()).ErrorMessage, Does.Contain("more than its header says"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    private Task<MySqlWireClient> CompressedAsync() => MySqlShop.ThroughProxyAsync(flavour, MySqlCapabilities.Compress);

    private static async Task<long> BytesToClientAsync(TestProxy proxy)
    {
        var line = (await proxy.ReadMetricsAsync()).Split('\n').Single(line => line.StartsWith("wireguardian_bytes_total{", StringComparison.Ordinal) && line.Contains("server_to_client", StringComparison.Ordinal));
        return long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static string Show(MySqlPacket packet) => $"{packet.Sequence} {Convert.ToHexString(packet.Payload)}";

    /// <summary>Text that zlib makes little of.</summary>
    private static string Random(int length)
    {
        var random = new Random(length);
        return string.Create(length, random, static (characters, random) =>
        {
            for (var at = 0; at < characters.Length; at++)
                characters[at] = (char)random.Next('0', '~');
        }).Replace('\\', '_');
    }
}
