using System.Text;
using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class CanariesTests
{
    private const string Two =
        """
        canaries:
          - { name: people, value: planted-value }
          - { name: orders, valueFile: orders.canary, listeners: [app] }
        """;

    [Test]
    public void Values_are_read_from_the_file_itself_and_from_files_of_their_own()
    {
        using var folder = Folder();
        var canaries = folder.Parse(Yaml.Minimal + Two).Policy.Canaries;
        Assert.That(canaries.Select(canary => (canary.Name, Encoding.UTF8.GetString(canary.Value.Span))), Is.EqualTo(new[] { ("people", "planted-value"), ("orders", "another-value") }));
        Assert.That(canaries.Select(canary => canary.AppliesTo("other")), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Check_shows_names_and_no_value()
    {
        using var folder = Folder();
        var configuration = folder.Parse(Yaml.Minimal + Two);
        var (text, json) = (CheckText.Write(configuration), CheckJson.Write(configuration));
        Assert.That(text, Does.Contain("people").And.Contain("13 bytes, on all listeners").And.Contain("13 bytes, on app"));
        Assert.That(json, Does.Contain("\"orders\""));
        Assert.That(text + json, Does.Not.Contain("planted-value").And.Not.Contain("another-value"));
    }

    [Test]
    public void More_than_can_be_looked_for_are_refused()
    {
        using var folder = Folder();
        var many = "canaries:\n" + string.Concat(Enumerable.Range(0, 65).Select(index => $"  - {{ name: c{index}, value: planted-{index:d3} }}\n"));
        Assert.That(folder.Errors(Yaml.Minimal + many), Is.EqualTo(new[] { "config.yaml:72:5: expected at most 64 canaries, found 65" }));
    }

    private static ConfigurationFolder Folder() => new ConfigurationFolder().With("orders.canary", "another-value\n");
}
