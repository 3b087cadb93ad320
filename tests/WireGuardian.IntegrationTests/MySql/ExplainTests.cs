using System.Text.Json;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Processes;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary><c>wireguardian explain</c> on a MySQL listener: what the text and the catalog tell.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
public sealed class ExplainTests(MySqlFlavour flavour)
{
    [Test]
    public async Task Columns_with_their_rules()
    {
        var statement = await ExplainAsync("SELECT id, email, upper(ssn), 'x' FROM people WHERE ssn = 'canaryone-7391'");
        Assert.That(statement.GetRawText(), Does.Not.Contain(MySqlShop.Canary));
        Assert.That(statement.GetProperty("action").GetString(), Is.EqualTo("allow"));
        Assert.That(
            statement.GetProperty("columns").EnumerateArray().Select(column => $"{column.GetProperty("lineage")} {column.GetProperty("mask").GetString() ?? "none"} {column.GetProperty("rule")}"),
            Is.EqualTo((string[])["plain none ", "plain email contact", "unknown redact masking", "plain none "]));
    }

    [Test]
    public async Task The_rule_that_decides()
    {
        var statement = await ExplainAsync("DROP TABLE orders");
        Assert.That((statement.GetProperty("action").GetString(), statement.GetProperty("rule").GetString()), Is.EqualTo(("hold", "schema-changes")));
        Assert.That(statement.GetProperty("columns").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    private async Task<JsonElement> ExplainAsync(string sql)
    {
        var result = await ProcessRunner.RunAsync(Built.Dotnet,
        [
            Built.Wireguardian.Assembly, "explain", "--config", MySqlShop.Proxy(flavour).ConfigurationPath, "--listener", "app", "--user", "app",
            "--database", MySqlShop.Database(flavour).Name, "--output", "json", sql,
        ]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        return JsonDocument.Parse(result.Output).RootElement[0];
    }
}
