namespace WireGuardian.Server.Tests.Configuration;

/// <summary>Places in documents, in <c>columns:</c> of masking rules.</summary>
[TestFixture]
public sealed class DocumentPathTests
{
    [Test]
    public void A_masking_rule_names_places()
    {
        using var folder = new ConfigurationFolder();
        var rule = folder.Parse(Yaml.Minimal + "masking: [{ name: x, columns: [\"a.b.c->'d'->>'e'\", \"**.ssn\"], with: redact }]").Policy.Masking.Single();
        Assert.That(rule.Columns.Select(column => column.ToString()), Is.EqualTo(new[] { "a.b.c->'d'->'e'", "**.ssn" }));
    }

    [TestCase("masking: [{ name: x, columns: [\"a.b.c->d\"], with: redact }]", "config.yaml:7:32: in the path of \"a.b.c->d\", a key in single quotes, the number of an element, * or **. with a key is expected (at character 8)")]
    [TestCase("masking: [{ name: x, columns: [\"**\"], with: redact }]", "config.yaml:7:32: in the path of \"**\", behind ** comes a dot and a key, such as **.email (at character 3)")]
    [TestCase("detection: [{ name: x, columns: [\"a.b.c->'d'\"] }]", "config.yaml:7:34: \"a.b.c->'d'\" has a path into documents, which only masking rules may have")]
    public void What_is_malformed_is_an_error_with_its_place(string yaml, string error)
    {
        using var folder = new ConfigurationFolder();
        Assert.That(folder.Errors(Yaml.Minimal + yaml), Has.Some.EqualTo(error));
    }
}
