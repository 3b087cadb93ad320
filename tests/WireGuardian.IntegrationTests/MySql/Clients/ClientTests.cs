using MySql.Data.MySqlClient;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql.Clients;

/// <summary>
/// Drivers and programs as people use them, through a proxy that masks and holds: each logs in, reads masked values in text and prepared, rolls a transaction
/// back, meets an error, and waits for an operator. Those that can, do so compressed as well, and move 17 MB there.
/// </summary>
[TestFixture]
public sealed class ClientTests
{
    private const string MaskedAda = "************** c***@example";
    private const string MaskedBen = "************** c***@example";

    private const int Large = 17_000_000;

    private static readonly string[] Expected = [$"text {MaskedAda}", $"prepared {MaskedBen}", "rolled back 0", "error 1146", "dropped"];

    private static readonly string[] ExpectedCompressed = [$"large {Large}", .. Expected];

    private static string Programs { get; } = Path.Combine(Repository.Root, "tests", "WireGuardian.IntegrationTests", "MySql", "Clients", "Programs");

    [Test]
    public async Task Pymysql([Values] MySqlFlavour flavour)
    {
        const string Interpreter = "/usr/bin/python3";
        if ((await ProcessRunner.RunAsync(Interpreter, ["-c", "import pymysql, cryptography"])).ExitCode != 0)
            Assert.Ignore("pymysql and cryptography are not installed");
        await RunAsync(flavour, "pymysql", [Interpreter, Path.Combine(Programs, "pymysql_client.py")]);
    }

    [Test]
    public async Task Node([Values] MySqlFlavour flavour, [Values("mysql2", "mariadb")] string module, [Values] bool compressed)
    {
        var modules = Path.Combine(Repository.WorkFolder, "foreign-clients", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, module)))
            Assert.Ignore("./test installs the JavaScript clients");
        await RunAsync(flavour, module, ["node", Path.Combine(Programs, $"{module}_client.cjs")], compressed, ("NODE_PATH", modules));
    }

    [Test]
    public Task Jdbc([Values] MySqlFlavour flavour, [Values] bool compressed) =>
        RunAsync(flavour, "jdbc", ["java", "-cp", "/usr/share/java/mariadb-java-client.jar", Path.Combine(Programs, "JdbcClient.java")], compressed);

    [Test]
    public async Task The_servers_own_command_line([Values] MySqlFlavour flavour, [Values] bool compressed)
    {
        var drop = await HeldDrop.PrepareAsync(flavour, "cli");
        var database = MySqlShop.Database(flavour);
        var result = await drop.ApproveAsync(database.Server.CommandLineAsync(
            MySqlShop.Proxy(flavour).Port,
            $"""
            {(compressed ? $"SELECT 'large', length('{new string('y', Large)}'), repeat('z', {Large});" : "")}
            SELECT 'text', ssn, email FROM people WHERE id = 1;
            PREPARE p FROM 'SELECT "prepared", ssn, email FROM people WHERE id = ?';
            SET @id = 2;
            EXECUTE p USING @id;
            BEGIN;
            INSERT INTO orders VALUES (900, 1, 'lamp');
            ROLLBACK;
            SELECT 'rolled back', COUNT(*) FROM orders WHERE id = 900;
            SELECT * FROM nowhere;
            DROP TABLE {drop.Table};
            SELECT 'dropped';
            """,
            MySqlAccounts.App, database.Name, ["--force", .. KeyOf(flavour), .. compressed ? ["--max-allowed-packet=64M", .. CompressionOf(flavour)] : Array.Empty<string>()]));
        await drop.AssertDroppedAsync();
        if (compressed)
            Assert.That(Lines(result.Output)[0], Is.EqualTo($"large {Large} {new string('z', Large)}"));
        Assert.That(Lines(result.Output), Has.Some.EqualTo(Expected[0]).And.Some.EqualTo(Expected[2]).And.Some.EqualTo(Expected[^1]));
        Assert.That(MySqlShop.Shows(result.Output), Is.False, result.Output);
        Assert.That(result.Error, Does.Contain("ERROR 1146"));
    }

    [Test]
    public async Task A_dump_holds_masked_values([Values] MySqlFlavour flavour, [Values] bool compressed)
    {
        var database = MySqlShop.Database(flavour);
        string[] own = flavour == MySqlFlavour.MariaDb ? [] : ["--column-statistics=0", "--set-gtid-purged=OFF"];
        var result = await database.Server.RunClientAsync(
            flavour == MySqlFlavour.MariaDb ? "mariadb-dump" : "mysqldump", MySqlShop.Proxy(flavour).Port, MySqlAccounts.App,
            [.. own, .. KeyOf(flavour), .. compressed ? CompressionOf(flavour) : [], "--no-tablespaces", "--skip-triggers", database.Name, "people", "orders"]);
        Assert.That(result.EnsureSuccess().Output, Does.Contain("'keyboard'").And.Contain("(1,'Ada','**************','c***@example')"));
        Assert.That(MySqlShop.Shows(result.Output), Is.False, result.Output);
    }

    [Test]
    public async Task MySqlData([Values] MySqlFlavour flavour, [Values] bool compressed)
    {
        var drop = await HeldDrop.PrepareAsync(flavour, "mysqldata");
        Assert.That(await drop.ApproveAsync(Task.Run(() => RunMySqlData(flavour, drop.Table, compressed))), Is.EqualTo(compressed ? ExpectedCompressed : Expected));
    }

    private static List<string> RunMySqlData(MySqlFlavour flavour, string table, bool compressed)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            Server = MySqlServer.Host,
            Port = (uint)MySqlShop.Proxy(flavour).Port,
            UserID = MySqlAccounts.App.User,
            Password = MySqlAccounts.App.Password,
            Database = MySqlShop.Database(flavour).Name,
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            IgnorePrepare = false,
            UseCompression = compressed,
        };
        using var connection = new MySqlConnection(settings.ConnectionString);
        connection.Open();
        var lines = new List<string>();
        if (compressed)
        {
            // It only reads so much: what it sends of more than 16 MB has a compressed header that is wrong, which the servers refuse as well.
            using var large = new MySqlCommand($"SELECT repeat('y', {Large})", connection);
            lines.Add($"large {((string)large.ExecuteScalar()).Length}");
        }
        foreach (var (name, id) in new[] { ("text", 1), ("prepared", 2) })
        {
            using var command = new MySqlCommand("SELECT ssn, email FROM people WHERE id = @id", connection) { Parameters = { new("@id", id) } };
            if (name == "prepared")
                command.Prepare();
            using var reader = command.ExecuteReader();
            reader.Read();
            lines.Add($"{name} {reader.GetString(0)} {reader.GetString(1)}");
        }
        using (var transaction = connection.BeginTransaction())
        {
            using var insert = new MySqlCommand("INSERT INTO orders VALUES (900, 1, 'lamp')", connection, transaction);
            insert.ExecuteNonQuery();
            transaction.Rollback();
        }
        using (var count = new MySqlCommand("SELECT COUNT(*) FROM orders WHERE id = 900", connection))
            lines.Add($"rolled back {count.ExecuteScalar()}");
        using (var wrong = new MySqlCommand("SELECT * FROM nowhere", connection))
            lines.Add($"error {Assert.Throws<MySqlException>(() => wrong.ExecuteScalar())!.Number}");
        using (var command = new MySqlCommand($"DROP TABLE {table}", connection))
            command.ExecuteNonQuery();
        lines.Add("dropped");
        return lines;
    }

    private static async Task RunAsync(MySqlFlavour flavour, string client, string[] command, bool compressed = false, params (string Name, string Value)[] more)
    {
        var drop = await HeldDrop.PrepareAsync(flavour, client);
        var environment = new Dictionary<string, string?>
        {
            ["PORT"] = $"{MySqlShop.Proxy(flavour).Port}",
            ["LOGIN"] = MySqlAccounts.App.User,
            ["PASSWORD"] = MySqlAccounts.App.Password,
            ["DATABASE"] = MySqlShop.Database(flavour).Name,
            ["DOOMED"] = drop.Table,
            ["LARGE"] = compressed ? $"{Large}" : "",
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        var result = await drop.ApproveAsync(ProcessRunner.RunAsync(command[0], command[1..], environment: environment, timeout: TimeSpan.FromMinutes(2)));
        Assert.That(Lines(result.EnsureSuccess().Output), Is.EqualTo(compressed ? ExpectedCompressed : Expected));
        await drop.AssertDroppedAsync();
    }

    /// <summary>In clear, MySQL's own programs seal a password only if they may ask for the key.</summary>
    private static string[] KeyOf(MySqlFlavour flavour) => flavour == MySqlFlavour.MySql ? ["--get-server-public-key"] : [];

    private static string[] CompressionOf(MySqlFlavour flavour) => [flavour == MySqlFlavour.MariaDb ? "--compress" : "--compression-algorithms=zlib"];

    private static string[] Lines(string output) =>
        [.. output.Replace('\t', ' ').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
