using Npgsql;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.Clients;

/// <summary>Drivers and programs as people use them, through a proxy that masks: each reads the same table and must get it masked and in order.</summary>
[TestFixture]
public sealed class ClientTests
{
    private const string User = "client_app";
    private const string Password = "client-password";
    private const string Masked = "***********";

    private static readonly string[] Expected = [$"{Masked} 0 1970-01-01", "[1, 2, 3, 4, 5]", Masked];

    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;

    private static string Programs { get; } = Path.Combine(Repository.Root, "tests", "WireGuardian.IntegrationTests", "Clients", "Programs");

    private PsqlTarget Target => new(PostgresServer.Host, _proxy.Port, _database.Name, User, Password, "disable");

    [OneTimeSetUp]
    public async Task Start()
    {
        _database = await (await SharedPostgres.Version15).CreateDatabaseAsync(
            """
            CREATE ROLE client_app LOGIN PASSWORD 'client-password';
            CREATE TABLE people (id int PRIMARY KEY, name text, ssn text, salary numeric(10, 2), born date);
            INSERT INTO people SELECT i, 'p' || i, 'secret-' || 1000 + i, 1000 + i, '1985-12-10' FROM generate_series(1, 5) i;
            GRANT ALL ON people TO client_app;
            """);
        _proxy = await TestProxy.InFrontOfAsync(
            _database.Server,
            """
            limits: { catalogTimeout: 60s }
            masking:
              - { name: identity, columns: ["public.people.ssn", "public.people.salary", "public.people.born"], with: redact }
            """);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [TestCase("asyncpg_client.py", "asyncpg")]
    [TestCase("psycopg2_client.py", "psycopg2")]
    [TestCase("psycopg_client.py", "psycopg")]
    public async Task Python(string program, string module)
    {
        const string Interpreter = "/usr/bin/python3";
        if ((await ProcessRunner.RunAsync(Interpreter, ["-c", $"import {module}"])).ExitCode != 0)
            Assert.Ignore($"{module} is not installed");
        AssertExpected(await ProcessRunner.RunAsync(Interpreter, [Path.Combine(Programs, program)], environment: Psql.Environment(Target)));
    }

    [TestCase("pg_client.cjs")]
    [TestCase("postgres_client.cjs")]
    public async Task Node(string program)
    {
        var modules = Path.Combine(Repository.WorkFolder, "foreign-clients", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "pg")))
            Assert.Ignore("./test installs the JavaScript clients");
        var environment = new Dictionary<string, string?>(Psql.Environment(Target)) { ["NODE_PATH"] = modules };
        AssertExpected(await ProcessRunner.RunAsync("node", [Path.Combine(Programs, program)], environment: environment));
    }

    [Test]
    public async Task Jdbc()
    {
        const string Driver = "/usr/share/java/postgresql.jar";
        var result = await ProcessRunner.RunAsync(
            "java", ["-cp", Driver, Path.Combine(Programs, "JdbcClient.java")], environment: Psql.Environment(Target), timeout: TimeSpan.FromMinutes(2));
        AssertExpected(result, "[id:int4, name:text, ssn:text, salary:numeric, born:date]");
    }

    [Test]
    public async Task PsqlItself()
    {
        var result = await Psql.RunAsync(Target, "SELECT ssn, salary::int, born FROM people WHERE id = 1;\n\\d people\n");
        Assert.That(result.EnsureSuccess().Output, Does.StartWith($"{Masked}|0|1970-01-01"));
        Assert.That(result.Output, Does.Contain("salary"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task NpgsqlItself(bool prepared)
    {
        var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString(User, Password)) { Port = _proxy.Port };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT ssn, salary, born FROM people WHERE id = $1", connection) { Parameters = { new() { Value = 1 } } };
        if (prepared)
            await command.PrepareAsync();
        for (var time = 0; time < 3; time++)
        {
            await using var reader = await command.ExecuteReaderAsync();
            Assert.That(await reader.ReadAsync(), Is.True);
            Assert.That((reader.GetString(0), reader.GetDecimal(1), reader.GetFieldValue<DateOnly>(2)), Is.EqualTo((Masked, 0m, new DateOnly(1970, 1, 1))));
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("UPDATE people SET ssn = 'x' WHERE id = 101"), new("SELECT ssn || '' FROM people WHERE id = 1") },
        };
        Assert.That(await batch.ExecuteScalarAsync(), Is.EqualTo(Masked));
    }

    [TestCase("simple")]
    [TestCase("extended")]
    [TestCase("prepared")]
    public async Task Pgbench(string mode)
    {
        var script = Path.Combine(Path.GetTempPath(), $"wireguardian-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(script, "\\set id random(1, 5)\nSELECT name, ssn FROM people WHERE id = :id \\gset\nUPDATE people SET name = 'p' WHERE id = :id;\n");
        try
        {
            var result = await ProcessRunner.RunAsync(
                PostgresBinaries.Client("pgbench"), ["-n", "-M", mode, "-c", "3", "-t", "40", "-f", script], environment: Psql.Environment(Target));
            Assert.That(result.EnsureSuccess().Output, Does.Contain("number of transactions actually processed: 120/120"));
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static void AssertExpected(ProcessResult result, params string[] more) =>
        Assert.That(
            result.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Is.EqualTo(Expected.Concat(more)));
}
