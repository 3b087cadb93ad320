using WireGuardian.Testing.Programs;

namespace WireGuardian.Server.Tests.Configuration;

/// <summary>The configurations that the documentation shows are right: a reader may copy them.</summary>
[TestFixture]
public sealed class DocumentationTests
{
    // What an example leaves out because another one shows it.
    private const string Listener = """
        listeners:
          - { name: app-pg, protocol: postgres, listen: "127.0.0.1:6432", upstream: "127.0.0.1:5432", catalog: { username: guardian } }
        approvals: [{ name: schema-changes, kinds: [ddl], action: hold }]

        """;

    public static IEnumerable<TestCaseData> Examples()
    {
        foreach (var file in new[] { "README.md" }.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs")).Select(path => Path.GetRelativePath(Repository.Root, path))))
        {
            var blocks = File.ReadAllText(Path.Combine(Repository.Root, file)).Split("```");
            // Every other part is outside of the fences.
            foreach (var (index, block) in blocks.Index().Where(one => one.Index % 2 == 1 && one.Item.StartsWith("yaml\n", StringComparison.Ordinal)))
                yield return new TestCaseData(block["yaml\n".Length..]).SetName($"{{m}}({file}, {index / 2})");
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void An_example_is_right(string yaml)
    {
        using var folder = Yaml.ExampleFolder();
        folder.WithCertificate("operators-ca").With("people.canary", "a-planted-value\n");
        foreach (var secret in new[] { "webhook.secret", "slack.token", "slack.signing" })
            folder.With(secret, $"0123456789abcdef0123456789abcdef-{secret}\n");
        folder.With("workflow.url", "https://example.com/workflows/1\n");
        folder.Environment["MYSQL_GUARDIAN"] = "correct horse battery";
        Assert.That(folder.Errors(yaml.Contains("listeners:\n", StringComparison.Ordinal) ? yaml : Listener + yaml), Is.Empty);
    }
}
