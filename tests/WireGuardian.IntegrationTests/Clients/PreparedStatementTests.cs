using WireGuardian.IntegrationTests.Checklist;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Clients;

/// <summary>Connections that live long and prepare without end, but never many statements at once.</summary>
public sealed class PreparedStatementTests
{
    [Test]
    public async Task More_statements_than_the_limit_can_be_prepared_one_after_the_other_and_dropped_with_DEALLOCATE()
    {
        const int cycles = 10_500;
        const int atOnce = 100;
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        for (var first = 0; first < cycles; first += atOnce)
        {
            var turn = Enumerable.Range(first, atOnce)
                .SelectMany(number => (byte[][])[Parse($"s{number}", "select ssn from people"), Sync, Query($"deallocate s{number}")]);
            await client.SendAsync([.. turn]);
            Assert.That((await client.ReadReadyAsync(2 * atOnce)).Types(), Is.EqualTo(string.Concat(Enumerable.Repeat("1ZCZ", atOnce))));
        }
    }

    [Test]
    public async Task Psycopg_evicts_statements_without_reaching_the_limit()
    {
        const string Interpreter = "/usr/bin/python3";
        if ((await ProcessRunner.RunAsync(Interpreter, ["-c", "import psycopg"])).ExitCode != 0)
            Assert.Ignore("psycopg is not installed");
        await using var database = await (await SharedPostgres.Version15).CreateDatabaseAsync(ChecklistDatabase.People);
        await using var proxy = await TestProxy.InFrontOfAsync(
            database.Server,
            """
            limits: { maxPreparedStatements: 20, catalogTimeout: 60s }
            masking:
              - { name: contact, columns: ["public.people.ssn"], with: redact }
            """);
        var target = new PsqlTarget(PostgresServer.Host, proxy.Port, database.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword, "disable");
        var program = Path.Combine(Repository.Root, "tests", "WireGuardian.IntegrationTests", "Clients", "Programs", "psycopg_evicting_client.py");
        var result = await ProcessRunner.RunAsync(Interpreter, [program], environment: Psql.Environment(target));
        Assert.That(result.EnsureSuccess().Output.Trim(), Is.EqualTo("True"));
    }
}
