using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Explaining;

namespace WireGuardian.Server.Commands;

/// <summary>Explanations as <c>explain --output json</c> prints them: an array, one object per statement.</summary>
internal static class ExplainJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<StatementExplanation> explanations) =>
        new JsonArray([.. explanations.Select(Statement)]).ToJsonString(Options) + "\n";

    private static JsonObject Statement(StatementExplanation explanation) => new()
    {
        ["statement"] = explanation.Statement,
        ["kinds"] = Texts(explanation.Verdict.Kinds.ToNames()),
        ["action"] = PolicyWords.Of(explanation.Verdict.Action),
        ["rule"] = explanation.Verdict.RuleName,
        ["reason"] = explanation.Verdict.Reason,
        ["involvesMasked"] = explanation.InvolvesMasked,
        ["columns"] = explanation.Columns is { } columns ? new JsonArray([.. columns.Select(Column)]) : null,
        ["detection"] = Detection(explanation.Detection),
        ["labels"] = new JsonArray([.. explanation.Labels.Select(Label)]),
        ["note"] = explanation.Note,
    };

    private static JsonObject Label(ExplainedLabel label) => new()
    {
        ["column"] = label.Column,
        ["rules"] = Texts(label.Rules),
        ["derived"] = label.IsDerived,
        ["sources"] = Texts(label.Sources),
    };

    private static JsonObject Column(ExplainedColumn column) => new()
    {
        ["name"] = column.Name,
        ["lineage"] = column.Lineage,
        ["sources"] = Texts(column.Sources),
        ["mask"] = column.Mask is { } mask ? PolicyWords.Of(mask) : null,
        ["rule"] = column.Rule,
        ["why"] = column.Why,
        ["detection"] = Detection(column.Detection),
    };

    private static JsonObject? Detection(DetectionRule? rule) =>
        rule is null ? null : new() { ["rule"] = rule.Name, ["mask"] = rule.Observe ? null : PolicyWords.Of(rule.Mask), ["observe"] = rule.Observe };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);
}
