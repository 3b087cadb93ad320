using System.Text.Json;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.Sql.Tests.Postgres.Oracle;

/// <summary>One statement as PostgreSQL's own parser sees it.</summary>
/// <param name="Text">Where it stands in the text, in bytes: from behind the semicolon before it to the one that ends it.</param>
/// <param name="Node">Its tree.</param>
public sealed record ParsedStatement(Range Text, JsonElement Node);

/// <summary>PostgreSQL's own grammar (libpg_query), asked about many texts at once.</summary>
public static class ServerParser
{
    /// <summary>For each text its statements; null where the parser refuses it.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<ParsedStatement>?>> ParseAsync(IReadOnlyList<string> texts)
    {
        var modules = Path.Combine(Repository.WorkFolder, "foreign-clients", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "libpg-query")))
            throw new InvalidOperationException($"no libpg-query in {modules}: run ./test once");
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Postgres", "Oracle", "parse.cjs");
        var result = (await ProcessRunner.RunAsync("node", [program, modules], JsonSerializer.Serialize(texts), timeout: TimeSpan.FromMinutes(5))).EnsureSuccess();
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(texts.Count));
        return [.. lines.Zip(texts, (line, text) => Read(JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1000 }).RootElement, System.Text.Encoding.UTF8.GetByteCount(text)))];
    }

    private static List<ParsedStatement>? Read(JsonElement answer, int length)
    {
        if (!answer.TryGetProperty("stmts", out var statements))
            return null;
        var all = new List<ParsedStatement>();
        foreach (var statement in statements.EnumerateArray())
        {
            var start = statement.TryGetProperty("stmt_location", out var location) ? location.GetInt32() : 0;
            var end = statement.TryGetProperty("stmt_len", out var bytes) ? start + bytes.GetInt32() : length;
            all.Add(new(start..end, statement.GetProperty("stmt")));
        }
        return all;
    }
}
