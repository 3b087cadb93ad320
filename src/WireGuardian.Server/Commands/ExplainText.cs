using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Explaining;

namespace WireGuardian.Server.Commands;

/// <summary>Explanations as <c>explain</c> prints them for people.</summary>
internal static class ExplainText
{
    private const int LabelWidth = 12;

    public static string Write(IReadOnlyList<StatementExplanation> explanations)
    {
        var report = new Report();
        if (explanations.Count == 0)
            report.Line(0, "There is no statement in it.");
        foreach (var explanation in explanations)
            Write(explanation, report);
        return report.ToString().TrimStart('\n');
    }

    private static void Write(StatementExplanation explanation, Report report)
    {
        report.Heading(explanation.Statement);
        report.Line(2, LabelWidth, "kinds", string.Join(", ", explanation.Verdict.Kinds.ToNames()));
        report.Line(2, LabelWidth, "action", PolicyWords.Of(explanation.Verdict.Action));
        report.Line(2, LabelWidth, "rule", explanation.Verdict.Rule is null ? "none" : explanation.Verdict.RuleName);
        if (explanation.Verdict.Reason.Length > 0)
            report.Line(2, LabelWidth, "reason", explanation.Verdict.Reason);
        report.Line(2, LabelWidth, "masking", explanation.InvolvesMasked ? "may read masked columns; errors and notices are redacted" : "reads no masked column");
        if (explanation.Note.Length > 0)
            report.Line(2, LabelWidth, "note", explanation.Note);
        if (explanation.Detection is { } detection)
            report.Line(2, LabelWidth, "detection", Looked("text that comes back and is not masked", detection));
        foreach (var label in explanation.Labels)
        {
            var mask = label.IsDerived ? "redacted" : $"masked by rule {string.Join(", ", label.Rules)}";
            report.Line(2, LabelWidth, "label", $"{label.Column} is {mask} from then on{(label.Sources.Count > 0 ? $": it gets values of {string.Join(", ", label.Sources)}" : "")}");
        }
        foreach (var column in explanation.Columns ?? [])
        {
            report.Line(2, LabelWidth, "column", column.Name.Length == 0 ? "(no name)" : column.Name);
            report.Line(4, LabelWidth, "lineage", column.Sources.Count == 0 ? column.Lineage : $"{column.Lineage}: {string.Join(", ", column.Sources)}");
            report.Line(4, LabelWidth, "mask", column.Mask is { } mask ? $"{PolicyWords.Of(mask)}, by rule {column.Rule}" : "none");
            report.Line(4, LabelWidth, "why", column.Why);
            if (column.Detection is { } looked)
                report.Line(4, LabelWidth, "detection", Looked("text in it", looked));
        }
    }

    private static string Looked(string what, DetectionRule rule) =>
        $"{what} is looked into by rule {rule.Name}{(rule.Observe ? ", which only counts" : $" ({(rule.Mask == DetectionMaskKind.Value ? "whole values are" : "what is found is")} masked)")}";
}
