using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.Audit;

/// <summary>A proxy killed in the middle of work: whatever the server ran has its record, and the chain is whole.</summary>
[TestFixture]
[Category("Slow")]
public sealed class CrashTests
{
    private const string Rules =
        """
        masking:
          - { name: pay, columns: ["public.work.secret"], with: redact }
        approvals:
          - { name: schema-changes, kinds: [ddl], action: hold }
          - { name: everyday, kinds: [select, insert, transaction, unclassified], action: allow }
        """;

    [TestCase("", "simple")]
    [TestCase("", "prepared")]
    [TestCase(Rules, "extended")]
    public async Task No_statement_ran_unrecorded_when_the_proxy_is_killed(string rules, string mode)
    {
        var server = await SharedPostgres.Version15;
        await using var database = await server.CreateDatabaseAsync("CREATE TABLE work (n bigserial, client int, secret text)");
        await using var proxy = await TestProxy.InFrontOfAsync(server, rules);
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, "INSERT INTO work (client, secret) VALUES (:client_id, 'x');\n");
            await using var load = BackgroundProcess.Start(
                PostgresBinaries.Client("pgbench"), ["-n", "-M", mode, "-c", "4", "-t", "1000000", "-f", script],
                Psql.Environment(proxy.Psql(database.Name, PostgresServer.Superuser, PostgresServer.SuperuserPassword)));
            while ((long)(await database.ScalarAsync("SELECT count(*) FROM work"))! < 300)
                Assert.That(load.HasExited, Is.False, () => load.Error);
            await proxy.StopAsync(Signal.Kill);
            await load.WaitForExitAsync();
        }
        finally
        {
            File.Delete(script);
        }

        // What the server still had in its hands when its client died is finished when nobody but us is connected.
        while ((long)(await database.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))! > 1)
        {
        }
        await proxy.StartAgainAsync();
        var rows = (long)(await database.ScalarAsync("SELECT count(*) FROM work"))!;
        var reader = new AuditReader(proxy.DataDirectory);
        var recorded = reader.Query(new AuditQuery(int.MaxValue))
            .Where(chained => chained.Record.Statement.StartsWith("INSERT INTO work", StringComparison.Ordinal))
            .Sum(chained => chained.Record.Count);
        Assert.That(rows, Is.GreaterThanOrEqualTo(300));
        Assert.That(recorded, Is.GreaterThanOrEqualTo(rows));
        Assert.That(reader.Verify().IsIntact, Is.True);
    }
}
