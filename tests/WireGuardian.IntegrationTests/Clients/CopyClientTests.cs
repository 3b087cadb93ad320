using Npgsql;
using WireGuardian.IntegrationTests.Masking;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.Clients;

/// <summary>Programs and drivers that copy: what they take out is masked, and a dump of it can be restored.</summary>
[TestFixture]
public sealed class CopyClientTests
{
    private CopiedPeople _people = null!;

    private static string Programs { get; } = Path.Combine(Repository.Root, "tests", "WireGuardian.IntegrationTests", "Clients", "Programs");

    [OneTimeSetUp]
    public async Task Start() => _people = await CopiedPeople.StartAsync(PostgresVersion.Version15);

    [OneTimeTearDown]
    public async Task Stop() => await _people.DisposeAsync();

    [TestCase("--format=plain")]
    [TestCase("--inserts")]
    public async Task A_dump_restores_into_another_database_with_masked_values(string format)
    {
        var dump = await ProcessRunner.RunAsync(PostgresBinaries.Client("pg_dump"), [format], environment: Psql.Environment(_people.Target));
        Assert.That(dump.ExitCode, Is.Zero, dump.Error);
        Assert.That(dump.Output, Does.Not.Contain("secret"));
        await AssertRestoredAsync(async restored => (await Psql.RunAsync(restored, dump.Output)).EnsureSuccess());
    }

    [Test]
    public async Task A_dump_by_two_connections_restores_with_masked_values()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"wireguardian-{Guid.NewGuid():N}");
        try
        {
            var dump = await ProcessRunner.RunAsync(
                PostgresBinaries.Client("pg_dump"), ["--format=directory", "--jobs=2", $"--file={folder}"], environment: Psql.Environment(_people.Target));
            Assert.That(dump.ExitCode, Is.Zero, dump.Error);
            await AssertRestoredAsync(async restored => (await ProcessRunner.RunAsync(
                PostgresBinaries.Client("pg_restore"), ["--exit-on-error", $"--dbname={restored.Database}", folder], environment: Psql.Environment(restored))).EnsureSuccess());
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("\\copy people to stdout", 63)]
    [TestCase("\\copy (select ssn from people) to stdout csv header", 64)]
    [TestCase("copy shop.people (email) to stdout", 63)]
    public async Task PsqlCopies(string command, int lines)
    {
        var copy = await Psql.RunAsync(_people.Target, ["-X", "-c", command], input: null);
        Assert.That(copy.ExitCode, Is.Zero, copy.Error);
        Assert.That(copy.Output, Does.Not.Contain("secret"));
        if (!command.Contains("csv", StringComparison.Ordinal))
            Assert.That(copy.Output.Split('\n'), Has.Length.EqualTo(lines + 1));
    }

    [TestCase("psycopg2_copy.py", "psycopg2")]
    [TestCase("psycopg_copy.py", "psycopg")]
    [TestCase("asyncpg_copy.py", "asyncpg")]
    public async Task Python(string program, string module)
    {
        const string Interpreter = "/usr/bin/python3";
        if ((await ProcessRunner.RunAsync(Interpreter, ["-c", $"import {module}"])).ExitCode != 0)
            Assert.Ignore($"{module} is not installed");
        AssertExpected(await ProcessRunner.RunAsync(Interpreter, [Path.Combine(Programs, program)], environment: Psql.Environment(_people.Target)));
    }

    [Test]
    public async Task Jdbc()
    {
        const string Driver = "/usr/share/java/postgresql.jar";
        AssertExpected(await ProcessRunner.RunAsync(
            "java", ["-cp", Driver, Path.Combine(Programs, "JdbcCopy.java")], environment: Psql.Environment(_people.Target), timeout: TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task NpgsqlItself()
    {
        var settings = new NpgsqlConnectionStringBuilder(_people.Database.ConnectionString(CopiedPeople.User, CopiedPeople.Password)) { Port = _people.Proxy.Port };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        using (var text = await connection.BeginTextExportAsync("COPY (SELECT id, ssn FROM people WHERE id = 15) TO STDOUT"))
            Assert.That(await text.ReadToEndAsync(), Is.EqualTo($"15\t{new string('*', 13)}\n"));
        await using var binary = await connection.BeginBinaryExportAsync("COPY (SELECT id, ssn, salary FROM people WHERE id = 15) TO STDOUT (FORMAT binary)");
        Assert.That(await binary.StartRowAsync(), Is.EqualTo(3));
        Assert.That(
            (await binary.ReadAsync<int>(), await binary.ReadAsync<string>(), await binary.ReadAsync<decimal>()), Is.EqualTo((15, new string('*', 13), 0m)));
        Assert.That(await binary.StartRowAsync(), Is.EqualTo(-1));
    }

    private static void AssertExpected(ProcessResult result) => Assert.That(
        result.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Is.EqualTo(new[] { "15 ************* 0", "63 rows", "loaded 1" }));

    private async Task AssertRestoredAsync(Func<PsqlTarget, Task> restore)
    {
        await using var other = await _people.Database.Server.CreateDatabaseAsync();
        await restore(new PsqlTarget(PostgresServer.Host, other.Server.Port, other.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "disable"));
        foreach (var query in new[]
        {
            "select * from shop.people order by id", "select * from shop.plain order by id", "select * from shop.computed", "select * from shop.\"Odd \"\"name\"",
        })
        {
            var masked = (await Psql.RunAsync(_people.Target, query)).EnsureSuccess().Output;
            Assert.That((await other.PsqlAsync(query)).EnsureSuccess().Output, Is.EqualTo(masked).And.Not.Empty, query);
        }
    }
}
