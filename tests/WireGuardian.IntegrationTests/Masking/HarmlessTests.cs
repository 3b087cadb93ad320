using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>What needs no mask is as the server sent it, for a masked login as well.</summary>
[TestFixture]
public sealed class HarmlessTests
{
    [TestCase("SELECT id, name FROM people ORDER BY id")]
    [TestCase("SELECT p.name, o.item, o.total FROM people p JOIN orders o ON o.person_id = p.id ORDER BY o.id")]
    [TestCase("SELECT count(*), sum(total), max(item) FROM orders")]
    [TestCase("SELECT item || '!' FROM orders ORDER BY id")]
    [TestCase("BEGIN; UPDATE people SET email = 'new@example.org' WHERE id = 1; ROLLBACK")]
    [TestCase("BEGIN; INSERT INTO people (id, name, email, ssn) VALUES (50, 'New', 'n@example.org', '1'); ROLLBACK")]
    [TestCase("BEGIN; INSERT INTO people (id, name, ssn) VALUES (50, 'New', '1') ON CONFLICT (id) DO UPDATE SET ssn = EXCLUDED.ssn; ROLLBACK")]
    [TestCase("BEGIN; DELETE FROM orders WHERE id = 1; ROLLBACK")]
    [TestCase("BEGIN; INSERT INTO orders VALUES (7, 1, 'x', 1) RETURNING *; ROLLBACK")]
    [TestCase("BEGIN; CREATE TABLE fresh (i int); INSERT INTO fresh VALUES (1), (2); SELECT count(*) FROM fresh; SELECT i + 0 FROM fresh; ROLLBACK")]
    [TestCase("BEGIN; CREATE TEMP TABLE mine (i int); INSERT INTO mine SELECT generate_series(1, 3); SELECT sum(i) FROM mine; ROLLBACK")]
    [TestCase("SELECT relname, relkind FROM pg_class WHERE relname = 'people'")]
    [TestCase("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'people' ORDER BY 1")]
    [TestCase("SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = 'people'::regclass AND a.attnum > 0 ORDER BY a.attnum")]
    [TestCase("SELECT 1 + 1, 'text', now() IS NOT NULL, current_user, version()")]
    [TestCase("SHOW server_version")]
    [TestCase("SELECT id FROM people_view ORDER BY id")]
    [TestCase("SELECT more FROM derived")]
    [TestCase("SELECT n_live_tup IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'orders'")]
    [TestCase("SELECT * FROM no_such_table")]
    [TestCase("SELECT no_such_column FROM people")]
    [TestCase("SELECT 'x'::int")]
    [TestCase("INSERT INTO orders VALUES (1, 1, 'again', 1)")]
    [TestCaseSource(typeof(HarmlessStatements), nameof(HarmlessStatements.OfApplications))]
    [TestCaseSource(typeof(HarmlessStatements), nameof(HarmlessStatements.OfTools))]
    public async Task Comes_back_as_from_the_server(string sql)
    {
        Assert.That(await TranscriptAsync(await MaskedShop.ThroughProxyAsync(), sql), Is.EqualTo(await TranscriptAsync(await MaskedShop.DirectAsync(), sql)));
    }

    [TestCase("\\d people")]
    [TestCase("\\d+ people")]
    [TestCase("\\dt")]
    [TestCase("\\l")]
    [TestCase("\\df")]
    [TestCase("\\dv+")]
    [TestCase("\\du")]
    [TestCase("\\dn+")]
    [TestCase("\\d")]
    [TestCase("\\d+")]
    [TestCase("\\d visits")]
    [TestCase("\\d+ visits")]
    [TestCase("\\d derived")]
    [TestCase("\\d+ people_view")]
    [TestCase("\\d people_kept")]
    [TestCase("\\dt+")]
    [TestCase("\\di+")]
    [TestCase("\\ds")]
    [TestCase("\\dm")]
    [TestCase("\\dT+")]
    [TestCase("\\df+ ssn_of")]
    [TestCase("\\da")]
    [TestCase("\\do ||")]
    [TestCase("\\dC")]
    [TestCase("\\dD")]
    [TestCase("\\dp")]
    [TestCase("\\ddp")]
    [TestCase("\\dx")]
    [TestCase("\\dP")]
    [TestCase("\\dL")]
    [TestCase("\\db")]
    [TestCase("\\dy")]
    [TestCase("\\drds")]
    [TestCase("\\sf ssn_of")]
    [TestCase("\\sv people_view")]
    public async Task Commands_of_psql_print_what_they_print_without_the_proxy(string command)
    {
        var (through, direct) = (await PsqlAsync(MaskedShop.Proxy.Port, command), await PsqlAsync(MaskedShop.Database.Server.Port, command));
        Assert.That(direct.ExitCode, Is.Zero, direct.Error);
        Assert.That((through.Output, through.Error), Is.EqualTo((direct.Output, direct.Error)));
    }

    [Test]
    public async Task A_dump_of_the_schema_is_the_same()
    {
        var (through, direct) = (await DumpAsync(MaskedShop.Proxy.Port), await DumpAsync(MaskedShop.Database.Server.Port));
        Assert.That(through.ExitCode, Is.Zero, through.Error);
        // Newer pg_dump frames its output with a random word.
        Assert.That(Lines(through.Output), Is.EqualTo(Lines(direct.Output)));
    }

    [Test]
    public async Task A_dump_of_the_data_is_masked()
    {
        var target = new PsqlTarget(PostgresServer.Host, MaskedShop.Proxy.Port, MaskedShop.Database.Name, MaskedShop.App, MaskedShop.Password);
        var dump = await ProcessRunner.RunAsync(PostgresBinaries.Client("pg_dump"), ["--data-only"], environment: Psql.Environment(target));
        Assert.That(dump.ExitCode, Is.Zero, dump.Error);
        Assert.That(dump.Output, Does.Contain("keyboard").And.Contain("Ada\t*****"));
        Assert.That(Canaries.FoundIn(System.Text.Encoding.UTF8.GetBytes(dump.Output + dump.Error)), Is.Empty);
    }

    private static Task<ProcessResult> PsqlAsync(int port, string command) => Psql.RunAsync(
        new PsqlTarget(PostgresServer.Host, port, MaskedShop.Database.Name, MaskedShop.App, MaskedShop.Password), ["-X", "-c", command], input: null);

    private static Task<ProcessResult> DumpAsync(int port) => ProcessRunner.RunAsync(
        PostgresBinaries.Client("pg_dump"), ["--schema-only"],
        environment: Psql.Environment(new PsqlTarget(PostgresServer.Host, port, MaskedShop.Database.Name, MaskedShop.App, MaskedShop.Password)));

    private static string[] Lines(string dump) =>
        [.. dump.Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal))];

    private static async Task<string> TranscriptAsync(WireClient client, string sql)
    {
        await using (client)
        {
            client.Timeout = TimeSpan.FromSeconds(30);
            var simple = await client.QueryAsync(sql);
            if (sql.Contains(';', StringComparison.Ordinal))
                return Show(simple);
            await client.SendAsync(
                FrontendMessage.Parse("", sql), FrontendMessage.Bind("", "", [], [], [1]), FrontendMessage.Describe('P', ""), FrontendMessage.Execute(""), FrontendMessage.Sync);
            return Show([.. simple, .. await client.ReadUntilAsync('Z')]);
        }
    }

    private static string Show(IEnumerable<WireFrame> frames) =>
        string.Join('\n', frames.Select(frame => $"{frame.Type} {System.Text.Encoding.Latin1.GetString(frame.Body)}"));
}
