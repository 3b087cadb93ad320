using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>masking:</c> and <c>copies:</c>.</summary>
internal static class MaskingSection
{
    private static readonly ScalarForm<MaskKind> Mask = ScalarForms.Choice(new Dictionary<string, MaskKind>
    {
        ["redact"] = MaskKind.Redact,
        ["partial"] = MaskKind.Partial,
        ["email"] = MaskKind.Email,
        ["null"] = MaskKind.Null,
        ["hash"] = MaskKind.Hash,
        ["token"] = MaskKind.Token,
    });

    private static readonly ScalarForm<RuleAction> Predicates = ScalarForms.Choice(
        new Dictionary<string, RuleAction> { ["allow"] = RuleAction.Allow, ["hold"] = RuleAction.Hold, ["deny"] = RuleAction.Deny });

    private static readonly ScalarForm<int> PerHour = ScalarForms.Integer(1, PredicateBudget.MostPerHour);

    private static readonly ScalarForm<RuleAction> Then = ScalarForms.Choice(new Dictionary<string, RuleAction> { ["hold"] = RuleAction.Hold, ["deny"] = RuleAction.Deny });

    /// <summary>Values that are copied bear no labels yet in MySQL: there it means hold.</summary>
    private static readonly ScalarForm<CopiesMode> MySqlCopies = ScalarForms.Choice(
        new Dictionary<string, CopiesMode> { ["hold"] = CopiesMode.Hold, ["deny"] = CopiesMode.Deny, ["label"] = CopiesMode.Hold });

    private static readonly ScalarForm<CopiesMode> Copies = ScalarForms.Choice(
        new Dictionary<string, CopiesMode> { ["hold"] = CopiesMode.Hold, ["deny"] = CopiesMode.Deny, ["label"] = CopiesMode.Label });

    private static readonly ScalarForm<bool> Derived = ScalarForms.Choice(new Dictionary<string, bool> { ["redact"] = false, ["allow"] = true });

    internal static readonly ScalarForm<ColumnPattern> Column = new(
        "a column as schema.table.column, each part a name or a glob, for example public.people.email or \"*.*.ssn\"",
        text => ColumnPattern.TryParseWithPath(text, out var pattern, out var problem) && pattern!.Path is null ? Parsed<ColumnPattern>.Good(pattern)
            : pattern is not null || problem.Length > 0 ? Parsed<ColumnPattern>.Wrong($"\"{text}\" has a path into documents, which only masking rules may have")
            : Parsed<ColumnPattern>.Bad);

    /// <summary>The same, or a place in the documents of a column.</summary>
    private static readonly ScalarForm<ColumnPattern> ColumnOrPath = new(
        Column.Expected,
        text => ColumnPattern.TryParseWithPath(text, out var pattern, out var problem) ? Parsed<ColumnPattern>.Good(pattern!)
            : problem.Length > 0 ? Parsed<ColumnPattern>.Wrong(problem) : Parsed<ColumnPattern>.Bad);

    /// <param name="root">The whole configuration.</param>
    /// <param name="isMySqlOnly">Every listener is for MySQL.</param>
    public static CopiesMode ReadCopies(Section root, bool isMySqlOnly) =>
        root.Optional("copies", isMySqlOnly ? MySqlCopies : Copies)?.Value ?? CopiesMode.Hold;

    /// <summary><c>{ perHour: 20, then: hold }</c>.</summary>
    private static PredicateBudget? ReadBudget(Section rule, string name)
    {
        if (rule.Child("predicates", "a budget of predicates") is not { } section)
            return null;
        var perHour = section.Require("perHour", PerHour);
        var then = section.Require("then", Then);
        section.Finish();
        return perHour is null || then is null ? null : new PredicateBudget(name, perHour.Value, then.Value);
    }

    public static IReadOnlyList<MaskingRule> Read(Section root, IReadOnlyList<string> listeners)
    {
        var rules = new List<MaskingRule>();
        foreach (var section in root.Children("masking", "a masking rule"))
        {
            var name = RuleNames.Read(section, rules.Select(rule => rule.Name));
            var of = RuleNames.ReadListeners(section, listeners);
            var columns = section.List("columns", ColumnOrPath, mayBeEmpty: false);
            if (columns is null && !section.Has("columns"))
                section.Missing("columns", "a list of columns as schema.table.column, for example [\"public.people.email\", \"*.*.ssn\"]");
            // "null" without quotes is a mask here, not a missing value.
            var mask = section.RequireWord("with", Mask);
            var exempt = section.List("exempt", ScalarForms.Name, mayBeEmpty: true);
            var budget = section.HasMapping("predicates") ? ReadBudget(section, name ?? "") : null;
            var predicates = section.HasMapping("predicates") ? RuleAction.Allow : section.Optional("predicates", Predicates)?.Value ?? RuleAction.Allow;
            var derived = section.Optional("derived", Derived)?.Value ?? false;
            section.Finish();
            if (name is not null && columns is { Count: > 0 } && mask is not null)
            {
                rules.Add(new MaskingRule
                {
                    Name = name,
                    Listeners = of,
                    Columns = [.. columns.Select(column => column.Value)],
                    Mask = mask.Value,
                    Exempt = [.. (exempt ?? []).Select(login => login.Value)],
                    Predicates = predicates,
                    PredicateBudget = budget,
                    LeavesDerived = derived,
                });
            }
        }
        return rules;
    }
}
