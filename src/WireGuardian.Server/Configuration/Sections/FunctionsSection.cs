using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>functions:</c>.</summary>
internal static class FunctionsSection
{
    private static readonly ScalarForm<FunctionResult> Result = ScalarForms.Choice(new Dictionary<string, FunctionResult>
    {
        ["arguments"] = FunctionResult.Arguments,
        ["clear"] = FunctionResult.Clear,
        ["columns"] = FunctionResult.Columns,
        ["masked"] = FunctionResult.Masked,
    });

    private static readonly ScalarForm<(string Schema, string Name)> Function = new(
        "a function as schema.name, without its arguments, for example public.normalise_email",
        text => text.Split('.') is [{ Length: > 0 } schema, { Length: > 0 } name] && !text.AsSpan().ContainsAny("()*? ")
            ? Parsed<(string Schema, string Name)>.Good((schema, name))
            : Parsed<(string Schema, string Name)>.Bad);

    public static IReadOnlyList<FunctionLabel> Read(Section root, IReadOnlyList<string> listeners)
    {
        var labels = new List<FunctionLabel>();
        foreach (var section in root.Children("functions", "a function's label"))
        {
            var name = section.Require("name", Function);
            var of = RuleNames.ReadListeners(section, listeners);
            var result = section.Require("result", Result);
            var columns = section.List("columns", MaskingSection.Column, mayBeEmpty: false);
            var readOnly = section.Optional("readOnly", ScalarForms.Boolean);
            section.Finish();
            if (result?.Value == FunctionResult.Columns && !section.Has("columns"))
                section.Missing("columns", "the columns that the function reads, as schema.table.column");
            if (result is not null && result.Value != FunctionResult.Columns && columns is not null)
                section.Context.Error(section.PositionOf("columns"), "\"columns\" is for result: columns alone");
            if (name is null || result is null)
                continue;
            if (labels.Find(label => (label.Schema, label.Name) == name.Value && (of.Count == 0 || label.Listeners.Count == 0 || of.Any(label.AppliesTo))) is { } above)
                section.Context.Error(name.Position, $"{above} has a label above already");
            labels.Add(new()
            {
                Schema = name.Value.Schema,
                Name = name.Value.Name,
                Listeners = of,
                Result = result.Value,
                IsReadOnly = readOnly?.Value ?? false,
                Columns = [.. (columns ?? []).Select(column => column.Value)],
            });
        }
        return labels;
    }
}
