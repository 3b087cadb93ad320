using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Makes mask plans. Where a column comes from is what the statement says of it, read together with the catalog; a column of which it says nothing is masked
/// whenever its statement involves masked columns at all. What the server says of a column can only add a mask.
/// </summary>
public sealed class MaskPlanner(MaskKey key, SessionDetection detections)
{
    private const string DerivedRule = "masking";
    private const int Places = 4;
    private const int LongestKept = 4 << 10;

    /// <summary>What a plan is made under; plans made under other circumstances are not used again.</summary>
    /// <param name="View">The picture of the catalog.</param>
    /// <param name="Involves">The statement may involve masked columns.</param>
    /// <param name="Shape">Where the columns come from; null where that cannot be told.</param>
    /// <param name="Database">The session's own database.</param>
    /// <param name="IsBinary">The rows are in the binary protocol.</param>
    /// <param name="Detection">The rules for values in columns that are not masked, in order.</param>
    /// <param name="Principal">Who asks.</param>
    public readonly record struct Circumstances(
        ICatalogView View, bool Involves, ResultShape? Shape, string? Database, bool IsBinary, IReadOnlyList<DetectionRule> Detection, Principal Principal);

    private readonly record struct Entry(byte[] Columns, Circumstances Under, MaskPlan Plan);

    private readonly MaskOutput _narrow = new();
    private readonly Entry[] _recent = new Entry[Places];
    private int _next;

    public MaskPlan Plan(ResultColumns columns, in Circumstances under)
    {
        foreach (ref readonly var entry in _recent.AsSpan())
        {
            if (entry.Plan is not null && entry.Under == under && columns.Bytes.SequenceEqual(entry.Columns))
                return entry.Plan;
        }
        var plan = Create(columns, under);
        if (columns.Bytes.Length <= LongestKept)
        {
            _recent[_next] = new(columns.Bytes.ToArray(), under, plan);
            _next = (_next + 1) % Places;
        }
        return plan;
    }

    private MaskPlan Create(ResultColumns columns, in Circumstances under)
    {
        var sources = under.Shape is { } shape ? under.View.Resolve(shape, under.Database, columns.Count) : null;
        if (sources is not null && !HaveNames(columns, sources))
            sources = null;
        var masks = new ColumnMask?[columns.Count];
        var types = new ColumnType[columns.Count];
        var rules = new string[columns.Count];
        var found = new ColumnDetection?[columns.Count];
        var any = false;
        for (var index = 0; index < columns.Count; index++)
        {
            var column = columns[index];
            types[index] = column.Shape.Type;
            rules[index] = "";
            if (!TryChoose(column, under.Involves ? sources?[index] : null, under, out var kind, out rules[index], out var declared, out var places))
            {
                (found[index], rules[index]) = Detection(column, sources?[index].Origin, declared, under);
                any |= found[index] is not null;
                continue;
            }
            any = true;
            // The rest of a document that is masked in places is looked into like any other value.
            if (places is not null)
                found[index] = Detection(column, sources?[index].Origin, declared, under).Detection;
            masks[index] = ColumnMask.Create(kind, column.Shape, declared, under.IsBinary, key, isDerived: under.Involves && sources?[index] is not { IsPlain: true }, places);
        }
        return any ? new MaskPlan(masks, types, rules, under.IsBinary, found) : MaskPlan.None;
    }

    /// <summary>
    /// Columns whose names the statement tells have to come under these names: else it was not understood. Names in other letters depend on the session's character set.
    /// </summary>
    private static bool HaveNames(ResultColumns columns, IReadOnlyList<ColumnSource> sources)
    {
        for (var index = 0; index < sources.Count; index++)
        {
            if (sources[index].Name is { } name && Ascii.IsValid(name) && Name(columns[index].Name) != name)
                return false;
        }
        return true;
    }

    /// <summary>How a column is looked into that no rule masks: by the names of the column that the statement's own text proves it to be, not by those that the server tells.</summary>
    private (ColumnDetection? Detection, string Rule) Detection(
        in ColumnDefinition41 column, (string Schema, string Table, string Column)? origin, DeclaredType? declared, in Circumstances under)
    {
        if (under.Detection.Count == 0 || DetectionRule.Find(under.Detection, origin, under.Principal) is not { } rule)
            return (null, "");
        return (ColumnDetection.Create(rule, column.Shape, declared, under.IsBinary, column.Name, key, detections, _narrow), rule.Name);
    }

    private static bool TryChoose(
        in ColumnDefinition41 column, ColumnSource? source, in Circumstances under, out MaskKind kind, out string rule, out DeclaredType? declared, out JsonPlaces? places)
    {
        (kind, rule, declared, places) = (MaskKind.Redact, DerivedRule, null, null);
        MaskingRule? told = null;
        if (!column.OriginalName.IsEmpty && !column.OriginalTable.IsEmpty)
        {
            var (database, table, name) = (Name(column.Schema), Name(column.OriginalTable), Name(column.OriginalName));
            told = under.View.RuleOf(database, table, name);
            declared = under.View.TypeOf(database, table, name);
        }
        if (source is { IsPlain: true } plain)
        {
            declared = plain.Type ?? declared;
            if (plain.Rule is { } sure)
            {
                (kind, rule, places) = (sure.Mask, sure.Name, sure.Places);
                return true;
            }
            if (told is null)
                return false;
        }
        else if (under.Involves)
        {
            // Computed from anything. A rule that the server's word names tells no more than that it is masked.
            rule = told?.Name ?? DerivedRule;
            return true;
        }
        if (told is null)
            return false;
        // The statement does not show it, but the server says that it is a masked column (a procedure's result, for example).
        (kind, rule) = (told.Mask, told.Name);
        return true;
    }

    private static string Name(ReadOnlySpan<byte> name) => MySqlNames.Fold(Encoding.UTF8.GetString(name));
}
