using System.Text.Json;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary><c>wireguardian explain</c> says what the relay would do.</summary>
[TestFixture]
public sealed class ExplainTests
{
    private LineageShop _shop = null!;

    [OneTimeSetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(PostgresVersion.Version15);

    [OneTimeTearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [Test]
    public async Task Every_column_with_its_lineage_its_mask_and_why()
    {
        var result = await ExplainAsync("select p.ssn, upper(email) as mail, name, count(*), ssn_of(id) from people p where ssn = '111-22-3333' group by id", "json");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Not.Contain("111-22"));
        var statement = JsonDocument.Parse(result.Output).RootElement[0];
        Assert.That(statement.GetProperty("kinds")[0].GetString(), Is.EqualTo("select"));
        Assert.That(statement.GetProperty("action").GetString(), Is.EqualTo("allow"));
        Assert.That(statement.GetProperty("involvesMasked").GetBoolean(), Is.True);
        Assert.That(
            statement.GetProperty("columns").EnumerateArray().Select(Show),
            Is.EqualTo((string[])
            [
                "ssn plain public.people.ssn partial identity",
                "mail derived public.people.email redact contact",
                "name plain public.people.name none ",
                "count plain  none ",
                "ssn_of derived public.people.ssn redact identity",
            ]));
        Assert.That(statement.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("why").GetString()), Has.All.Not.Empty);
    }

    [Test]
    public async Task The_rule_that_decides_and_each_statement_by_itself()
    {
        var result = await ExplainAsync("select 1; insert into plain select id, ssn from people", "text");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Contain("deny").And.Contain("copies").And.Contain("insert"));
    }

    [Test]
    public async Task Nothing_runs()
    {
        await ExplainAsync("delete from orders; drop table orders", "text");
        Assert.That(await _shop.Database.ScalarAsync("select count(*) from orders"), Is.EqualTo(3));
    }

    [Test]
    public async Task Each_meaning_of_a_name_and_what_cannot_be_known()
    {
        var columns = JsonDocument.Parse((await _shop.ExplainAsync("select upper(ssn) from notes", "json")).Output).RootElement[0].GetProperty("columns");
        Assert.That(columns.EnumerateArray().Select(Show), Is.EqualTo((string[])["upper derived other.notes.ssn,public.notes.ssn,third.notes.ssn redact identity"]));
        Assert.That((await _shop.ExplainAsync("select *, upper(ssn) from notes", "text")).Output, Does.Contain("its columns are others where its names mean something else"));
    }

    [Test]
    public async Task A_plan_a_copy_and_a_typo()
    {
        Assert.That((await _shop.ExplainAsync("explain select count(*) from people", "text")).Output, Does.Contain("The plan is shown"));
        Assert.That((await _shop.ExplainAsync("explain select count(*) from people where ssn like '1%'", "text")).Output, Does.Contain("The plan is redacted as a whole"));
        Assert.That((await _shop.ExplainAsync("select 1; copy (select upper(ssn) as u from people) to stdout", "json")).Output, Does.Contain("\"derived\""));
        var (typo, exit) = await _shop.ExplainAsync("selec 1; select ssn from people", "text");
        Assert.That((typo, exit), Is.EqualTo((typo, 0)));
        Assert.That(typo, Does.Contain("own parser refuses").And.Contain("action allow").And.Not.Contain("action hold"));
        Assert.That((await _shop.ExplainAsync("vacuum full people, nothing_like_sql", "text")).Output, Does.Not.Contain("own parser refuses"));
    }

    [Test]
    public async Task An_unknown_listener_is_wrong_usage()
    {
        var result = await RunAsync("--listener", "nobody", "--user", "u", "select 1");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.Contain("there is no listener \"nobody\"; the file has: app"));
    }

    [Test]
    public async Task A_database_that_is_not_there_is_a_failure()
    {
        var result = await RunAsync("--listener", "app", "--user", "lineage_app", "--database", "no_such_database", "select 1");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.Contain("no_such_database"));
    }

    private static string Show(JsonElement column) =>
        $"{column.GetProperty("name")} {column.GetProperty("lineage")} {string.Join(',', column.GetProperty("sources").EnumerateArray())} {column.GetProperty("mask").GetString() ?? "none"} {column.GetProperty("rule")}";

    private Task<ProcessResult> ExplainAsync(string sql, string output) =>
        RunAsync("--listener", "app", "--user", "lineage_app", "--database", _shop.Database.Name, "--output", output, sql);

    private Task<ProcessResult> RunAsync(params string[] arguments) =>
        ProcessRunner.RunAsync(Built.Dotnet, [Built.Wireguardian.Assembly, "explain", "--config", _shop.Proxy.ConfigurationPath, .. arguments]);
}
