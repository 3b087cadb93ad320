using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.Core.Detection;
using WireGuardian.Server.Commands;

namespace WireGuardian.Server.Scanning;

/// <summary>A scan as <c>scan --output json</c> prints it: an object, with an array of the columns in which something was found.</summary>
internal static class ScanJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ScanReport report, Proposal proposal)
    {
        var rules = new Dictionary<ColumnSample, JsonObject>(ReferenceEqualityComparer.Instance);
        foreach (var rule in proposal.Masking)
            Add(rules, rule.Columns, () => new() { ["list"] = "masking", ["name"] = rule.Name, ["with"] = PolicyWords.Of(rule.Mask) });
        Add(rules, proposal.Detection, () => new() { ["list"] = "detection", ["name"] = proposal.DetectionName, ["mask"] = "span" });
        return new JsonObject
        {
            ["listener"] = report.Listener,
            ["protocol"] = report.Protocol,
            ["complete"] = report.IsComplete,
            ["tables"] = report.TablesRead,
            ["columnsRead"] = report.ColumnsRead,
            ["rowsPerTable"] = report.RowsPerTable,
            ["columns"] = new JsonArray([.. report.Columns.Select(sample => Column(sample, rules.GetValueOrDefault(sample)))]),
            ["masked"] = new JsonArray([.. report.Masked.Select(masked => Name(masked, new() { ["rule"] = masked.Column.MaskedBy }))]),
            ["failures"] = new JsonArray([.. report.Failures.Select(failure => (JsonNode)new JsonObject { ["table"] = failure.Table, ["reason"] = failure.Reason, ["code"] = failure.Code })]),
        }.ToJsonString(Options) + "\n";
    }

    private static void Add(Dictionary<ColumnSample, JsonObject> rules, IReadOnlyList<ProposedColumn> columns, Func<JsonObject> rule)
    {
        foreach (var column in columns)
        {
            foreach (var sample in column.Samples)
            {
                var proposed = rule();
                proposed["pattern"] = column.Pattern.Text;
                rules[sample] = proposed;
            }
        }
    }

    private static JsonObject Column(ColumnSample sample, JsonObject? rule) => Name(sample.Place, new()
    {
        ["type"] = sample.Place.Column.Type,
        ["rows"] = sample.Rows,
        ["values"] = sample.Values,
        ["found"] = sample.Found,
        ["detectors"] = new JsonObject(sample.Detectors.Select(count => KeyValuePair.Create(DetectorNames.Of(count.Detector), (JsonNode?)JsonValue.Create(count.Values)))),
        ["paths"] = new JsonArray([.. sample.Paths.Select(path => (JsonNode)new JsonObject { ["path"] = path.Path, ["detector"] = DetectorNames.Of(path.Detector), ["values"] = path.Values })]),
        ["rule"] = rule,
    });

    private static JsonObject Name(ScannedColumn column, JsonObject rest)
    {
        rest.Insert(0, "column", column.Column.Name);
        rest.Insert(0, "table", column.Table.Name);
        rest.Insert(0, "schema", column.Table.Schema);
        if (column.Table.Database.Length > 0)
            rest.Insert(0, "database", column.Table.Database);
        return rest;
    }
}
