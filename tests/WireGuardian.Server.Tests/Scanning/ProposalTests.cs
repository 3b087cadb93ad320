using System.Text.Json;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Scanning;
using WireGuardian.Server.Tests.Configuration;

namespace WireGuardian.Server.Tests.Scanning;

/// <summary>Numbers come to rules, which the configuration's own reader takes.</summary>
[TestFixture]
public sealed class ProposalTests
{
    private ConfigurationFolder _folder = null!;

    [OneTimeSetUp]
    public void Make() => _folder = new ConfigurationFolder();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_column_of_one_kind_gets_the_mask_of_that_kind_and_a_comment_with_its_numbers()
    {
        var (yaml, policy) = Propose([Sample("email", 987, 987, (Detector.EmailAddress, 987)), Sample("card", 1000, 990, (Detector.CreditCard, 990), (Detector.PhoneNumber, 10))]);
        Assert.That(policy.Masking.Select(Show), Is.EqualTo((string[])["found-email-address app public.people.email Email", "found-credit-card app public.people.card Partial"]));
        Assert.That(policy.Detection, Is.Empty);
        Assert.That(yaml, Does.Contain("      # 987 of 1,000 rows sampled: EMAIL_ADDRESS\n      - \"public.people.email\"\n"));
        Assert.That(yaml, Does.Contain("1,000 of 1,000 rows sampled: CREDIT_CARD 990, PHONE_NUMBER 10\n"));
    }

    [Test]
    public void Kinds_that_are_mixed_are_redacted()
    {
        var (_, policy) = Propose([Sample("contact", 900, 900, (Detector.EmailAddress, 600), (Detector.PhoneNumber, 300))]);
        Assert.That(policy.Masking.Select(Show), Is.EqualTo((string[])["found-mixed app public.people.contact Redact"]));
    }

    [Test]
    public void Only_rows_with_a_value_count()
    {
        var (yaml, policy) = Propose([Sample("email", 9, 9, (Detector.EmailAddress, 9)) with { Values = 10 }]);
        Assert.That(policy.Masking, Has.Count.EqualTo(1));
        Assert.That(yaml, Does.Contain("# 9 of 1,000 rows sampled, 10 with a value: EMAIL_ADDRESS\n"));
    }

    [Test]
    public void Free_text_and_documents_get_a_detection_rule_with_the_keys_in_comments()
    {
        var document = Sample("profile", 400, 0, (Detector.EmailAddress, 400)) with { Paths = [new("->'contact'->>'email'", Detector.EmailAddress, 390)] };
        var (yaml, policy) = Propose([document, Sample("body", 20, 3, (Detector.CreditCard, 20))]);
        Assert.That(policy.Masking, Is.Empty);
        var rule = policy.Detection.Single();
        Assert.That(rule.Columns.Select(column => column.ToString()), Is.EqualTo((string[])["public.people.profile", "public.people.body"]));
        Assert.That((rule.Name, rule.Detectors, rule.Mask, rule.MinimumScore), Is.EqualTo(("found-in-text", DetectorSet.Of(Detector.EmailAddress, Detector.CreditCard), DetectionMaskKind.Span, 50)));
        Assert.That(yaml, Does.Contain("      #   ->'contact'->>'email': EMAIL_ADDRESS in 390\n"));
    }

    [Test]
    public void A_score_of_its_own_goes_into_the_detection_rule() =>
        Assert.That(Propose([Sample("body", 20, 3, (Detector.CreditCard, 20))], minimumScore: 80).Policy.Detection.Single().MinimumScore, Is.EqualTo(80));

    [Test]
    public void Few_values_and_numbers_in_part_are_listed_without_a_rule()
    {
        var number = Sample("number", 400, 400, (Detector.CreditCard, 400));
        number = number with { Place = number.Place with { Column = number.Place.Column with { IsText = false } } };
        var (yaml, policy) = Propose([Sample("body", 9, 9, (Detector.CreditCard, 9)), number]);
        Assert.That((policy.Masking.Count, policy.Detection.Count), Is.EqualTo((0, 0)));
        Assert.That(yaml, Does.Contain("Nothing to propose").And.Contain("#   public.people.body: 9 of 1,000 rows sampled: CREDIT_CARD\n").And.Contain("#   public.people.number: "));
        Assert.That(Propose([Sample("body", 9, 9, (Detector.CreditCard, 9))], minimumShare: 0).Policy.Detection, Has.Count.EqualTo(1));
    }

    [Test]
    public void Nothing_found_says_so()
    {
        var (yaml, policy) = Propose([]);
        Assert.That((policy.Masking.Count, policy.Detection.Count), Is.EqualTo((0, 0)));
        Assert.That(yaml, Is.EqualTo("# wireguardian scan of listener app: 30 columns of 3 tables, 1,000 rows of each at most.\n# Nothing to propose.\n"));
    }

    [TestCase("pl.ain", "e\"mail")]
    [TestCase("star*", "a?b")]
    [TestCase("line\nend", "tab\t\\ \"quoted\".dot")]
    [TestCase("${HOME}", "cost${")]
    [TestCase("people->'x'", "**.email")]
    [TestCase("# comment", "- item: {a, b}")]
    [TestCase("Größe \u202e\u0085", "\ud83d\ude00'")]
    [TestCase(" blank ", "*")]
    public void Any_name_is_matched_by_its_own_pattern(string table, string column)
    {
        var sample = Sample(column, 10, 10, (Detector.EmailAddress, 10)) with { Rows = 10, Values = 10 };
        sample = sample with { Place = sample.Place with { Table = sample.Place.Table with { Name = table, Schema = "s.1" } } };
        var masked = new ScannedColumn(sample.Place.Table, sample.Place.Column with { Name = column + "2", MaskedBy = "older\nrule" });
        var (yaml, policy) = Propose([sample], masked: [masked]);
        var pattern = policy.Masking.Single().Columns.Single();
        Assert.That(pattern.Matches("s.1", table, column), yaml);
        Assert.That(pattern.Matches("s.1", table, column + "x") || pattern.Matches("s", table, column), Is.False);
        Assert.That(yaml.Contains("no pattern can name", StringComparison.Ordinal), Is.EqualTo((table + column).AsSpan().ContainsAny('*', '?', '"') || (table + column).Contains("${", StringComparison.Ordinal)));
    }

    [Test]
    public void What_rules_cover_already_is_said_and_left_out()
    {
        const string rules = """
            masking: [{ name: found-email-address, columns: ["a.b.c"], with: redact }]
            detection:
              - { name: seen, columns: ["public.people.seen"], observe: true }
              - { name: looked-into, columns: ["public.people.body"], detectors: [CREDIT_CARD] }

            """;
        var policy = _folder.Parse(Yaml.Minimal + rules).Policy;
        var report = Report(
            [
                Sample("email", 987, 987, (Detector.EmailAddress, 987)), Sample("body", 20, 3, (Detector.CreditCard, 20)), Sample("seen", 20, 3, (Detector.CreditCard, 20)),
            ],
            masked: [new(Table, new("ssn", "text", TextStructure.Plain) { MaskedBy = "identity" })]);
        var proposal = Proposal.Make(report, policy, 1);
        Assert.That(proposal.Masking.Single().Name, Is.EqualTo("found-email-address-2"));
        Assert.That(proposal.Detection.Single().Pattern.Text, Is.EqualTo("public.people.seen"));
        var yaml = ScanYaml.Write(report, proposal, policy);
        Assert.That(yaml, Does.Contain("rule identity already").And.Contain("#   public.people.ssn\n"));
        Assert.That(yaml, Does.Contain("rule looked-into looks for this already").And.Contain("#   public.people.body: ").And.Contain("rule seen decides on it so far, and only observes"));
    }

    [Test]
    public void A_detection_rule_that_looks_for_something_else_does_not_cover()
    {
        var policy = _folder.Parse(Yaml.Minimal + "detection: [{ name: cards, detectors: [CREDIT_CARD] }]\n").Policy;
        var report = Report([Sample("body", 20, 3, (Detector.CreditCard, 20), (Detector.EmailAddress, 2))]);
        var proposal = Proposal.Make(report, policy, 1);
        Assert.That(proposal.Detection, Has.Count.EqualTo(1));
        Assert.That(ScanYaml.Write(report, proposal, policy), Does.Contain("rule cards decides on it so far, and looks for less"));
    }

    [Test]
    public void Columns_of_one_name_in_several_databases_are_one_pattern()
    {
        var first = Sample("email", 987, 987, (Detector.EmailAddress, 987));
        var (yaml, policy) = Propose([In(first, "shop"), In(first, "staging") with { Found = 5, Whole = 5 }]);
        Assert.That(policy.Masking.Single().Columns, Has.Count.EqualTo(1));
        Assert.That(yaml, Does.Contain("# database shop: 987 of").And.Contain("# database staging: 5 of"));
    }

    [Test]
    public void As_json_each_column_has_its_numbers_and_its_rule()
    {
        var report = Report([Sample("email", 987, 987, (Detector.EmailAddress, 987))]) with { Failures = [new("public.hidden", "the catalog login may not read it", "SQLSTATE 42501")] };
        var document = JsonDocument.Parse(ScanJson.Write(report, Proposal.Make(report, new Policy(), 1))).RootElement;
        var column = document.GetProperty("columns")[0];
        Assert.That(column.GetProperty("detectors").GetProperty("EMAIL_ADDRESS").GetInt32(), Is.EqualTo(987));
        Assert.That(column.GetProperty("rule").GetProperty("with").GetString(), Is.EqualTo("email"));
        Assert.That((column.GetProperty("schema").GetString(), column.GetProperty("table").GetString(), column.GetProperty("column").GetString()), Is.EqualTo(("public", "people", "email")));
        Assert.That(document.GetProperty("failures")[0].GetProperty("table").GetString(), Is.EqualTo("public.hidden"));
    }

    private static SampledTable Table => new("", "public", "people", TableKind.Table, []);

    private static ColumnSample In(ColumnSample sample, string database) => sample with { Place = sample.Place with { Table = sample.Place.Table with { Database = database } } };

    private static ColumnSample Sample(string column, int found, int whole, params (Detector Detector, int Values)[] detectors) =>
        new(new(Table, new(column, "text", TextStructure.Plain)), 1000, 1000, found, whole, [.. detectors.Select(count => new DetectorCount(count.Detector, count.Values))], []);

    private static ScanReport Report(IReadOnlyList<ColumnSample> samples, string protocol = "postgres", int minimumScore = 50, IReadOnlyList<ScannedColumn>? masked = null) => new()
    {
        Listener = "app",
        Protocol = protocol,
        RowsPerTable = 1000,
        MinimumScore = minimumScore,
        TablesRead = 3,
        ColumnsRead = 30,
        Columns = samples,
        Masked = masked ?? [],
    };

    /// <summary>The proposal, and what the configuration's reader makes of it.</summary>
    private (string Yaml, Policy Policy) Propose(
        IReadOnlyList<ColumnSample> samples, string protocol = "postgres", int minimumScore = 50, double minimumShare = 1, IReadOnlyList<ScannedColumn>? masked = null)
    {
        var report = Report(samples, protocol, minimumScore, masked);
        var yaml = ScanYaml.Write(report, Proposal.Make(report, new Policy(), minimumShare), new Policy());
        try
        {
            return (yaml, _folder.Parse(Yaml.Minimal.Replace("postgres", protocol, StringComparison.Ordinal) + yaml).Policy);
        }
        catch (ConfigurationException exception)
        {
            throw new AssertionException($"{string.Join('\n', exception.Errors)}\n{yaml}");
        }
    }

    private static string Show(MaskingRule rule) => $"{rule.Name} {string.Join(',', rule.Listeners)} {string.Join(',', rule.Columns)} {rule.Mask}";
}
