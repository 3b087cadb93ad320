using System.Globalization;
using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Scanning;

/// <summary>A proposal as a piece of the configuration file: rules, and comments with numbers that say why.</summary>
internal static class ScanYaml
{
    public static string Write(ScanReport report, Proposal proposal, Policy policy)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# wireguardian scan of listener {YamlText.Visible(report.Listener)}: {Count(report.ColumnsRead, "column")} of {Count(report.TablesRead, "table")}, {report.RowsPerTable:N0} rows of each at most.\n");
        if (!report.IsComplete)
            text.Append("# It was ended before it had seen every table.\n");
        if (report.Failures.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"# Not read, or not all of it: {Count(report.Failures.Count, "table")}, named on standard error.\n");
        text.Append(proposal.IsEmpty
            ? "# Nothing to propose.\n"
            : "# Add these rules to the lists of the same names in the configuration, and see what wireguardian check says.\n");

        if (proposal.Masking.Count > 0)
            text.Append("masking:\n");
        foreach (var rule in proposal.Masking)
        {
            WriteRule(text, rule.Name, isDetection: false, report, rule.Columns, policy);
            text.Append(CultureInfo.InvariantCulture, $"    with: {PolicyWords.Of(rule.Mask)}\n");
        }
        if (proposal.Detection.Count > 0)
        {
            text.Append("detection:\n");
            WriteRule(text, proposal.DetectionName, isDetection: true, report, proposal.Detection, policy);
            text.Append(CultureInfo.InvariantCulture, $"    detectors: [{string.Join(", ", PolicyWords.NamesOf(proposal.Detectors))}]\n");
            if (report.MinimumScore != DetectionRule.DefaultMinimumScore)
                text.Append(CultureInfo.InvariantCulture, $"    minimumScore: {report.MinimumScore}\n");
            text.Append("    mask: span\n");
        }

        WriteList(text, "In few values of these columns, or numbers that are something else most often; no rule is proposed:", proposal.Few);
        foreach (var group in proposal.Detected.GroupBy(detected => detected.Rule))
            WriteList(text, $"Detection rule {YamlText.Visible(group.Key)} looks for this already:", [.. group.Select(detected => detected.Column)]);
        foreach (var group in report.Masked.GroupBy(masked => masked.Column.MaskedBy!))
        {
            text.Append(CultureInfo.InvariantCulture, $"# Masked by rule {YamlText.Visible(group.Key)} already, and not read:\n");
            foreach (var name in group.Select(masked => PatternText.Of(masked).Text).Distinct())
                text.Append(CultureInfo.InvariantCulture, $"#   {YamlText.Visible(name)}\n");
        }
        return text.ToString();
    }

    private static void WriteRule(StringBuilder text, string name, bool isDetection, ScanReport report, IReadOnlyList<ProposedColumn> columns, Policy policy)
    {
        text.Append(CultureInfo.InvariantCulture, $"  - name: {name}\n    listeners: [{YamlText.Quoted(report.Listener.Replace("${", "$${", StringComparison.Ordinal))}]\n    columns:\n");
        foreach (var column in columns)
        {
            foreach (var line in Why(column, isDetection, report, policy))
                text.Append(CultureInfo.InvariantCulture, $"      # {line}\n");
            text.Append(CultureInfo.InvariantCulture, $"      - {YamlText.Quoted(column.Pattern.Text)}\n");
        }
    }

    private static void WriteList(StringBuilder text, string heading, IReadOnlyList<ProposedColumn> columns)
    {
        if (columns.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"# {heading}\n");
        foreach (var column in columns)
        {
            foreach (var sample in column.Samples)
                text.Append(CultureInfo.InvariantCulture, $"#   {YamlText.Visible(column.Pattern.Text)}: {Numbers(sample)}\n");
        }
    }

    private static IEnumerable<string> Why(ProposedColumn column, bool isDetection, ScanReport report, Policy policy)
    {
        foreach (var sample in column.Samples)
        {
            yield return !report.HasSeveralDatabases ? Numbers(sample) : $"database {YamlText.Visible(sample.Place.Table.Database)}: {Numbers(sample)}";
            foreach (var path in sample.Paths)
                yield return string.Create(CultureInfo.InvariantCulture, $"  {path.Path}: {DetectorNames.Of(path.Detector)} in {path.Values:N0}");
        }
        if (!column.Pattern.IsExact)
            yield return "The name holds a character that no pattern can name: ? stands for it, and for any other.";
        if (isDetection && Proposal.DeciderOf(policy.DetectionFor(report.Listener), column) is { } rule)
            yield return $"Detection rule {YamlText.Visible(rule.Name)} decides on it so far, and {(rule.Observe ? "only observes" : "looks for less")}: this rule has to stand before that one.";
    }

    private static string Numbers(ColumnSample sample)
    {
        var values = sample.Values == sample.Rows ? "" : string.Create(CultureInfo.InvariantCulture, $", {sample.Values:N0} with a value");
        var detectors = sample.Detectors is [var only]
            ? DetectorNames.Of(only.Detector)
            : string.Join(", ", sample.Detectors.Select(count => string.Create(CultureInfo.InvariantCulture, $"{DetectorNames.Of(count.Detector)} {count.Values:N0}")));
        return string.Create(CultureInfo.InvariantCulture, $"{sample.Found:N0} of {Count(sample.Rows, "row")} sampled{values}: {detectors}");
    }

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");
}
