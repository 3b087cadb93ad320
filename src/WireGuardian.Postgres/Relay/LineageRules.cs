using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Relay;

/// <summary>What a column's lineage means for its mask.</summary>
internal static class LineageRules
{
    /// <summary>The mask of a column, where its lineage decides that.</summary>
    /// <param name="IsKnown">False where it does not.</param>
    /// <param name="Mask">The mask; null for none.</param>
    /// <param name="Rule">The name of the rule behind it; empty for none.</param>
    public readonly record struct Decision(bool IsKnown, MaskKind? Mask, string Rule)
    {
        /// <summary>The places in its documents that are masked alone; null where all of it is.</summary>
        public JsonPlaces? Places { get; init; }
    }

    /// <summary>
    /// A plain column has its rule's mask, several plain ones the mask of the rule that they share; what is computed from a masked column is redacted as a whole, unless all the
    /// rules behind it leave that alone.
    /// Not known where a column is of a relation that the picture does not have.
    /// </summary>
    public static Decision Decide(ColumnLineage lineage, ICatalogView view)
    {
        MaskingRule? rule = null;
        var (shared, masked, unmasked, isLeft) = (true, false, false, true);
        foreach (var column in lineage.Columns)
        {
            var resolution = view.Resolve(column);
            switch (resolution.Origin)
            {
                case ColumnOrigin.Unmasked:
                    unmasked = true;
                    break;
                case ColumnOrigin.Unknown:
                    return default;
                default:
                    masked = true;
                    isLeft &= resolution.Rule is { LeavesDerived: true } && (resolution.Origin == ColumnOrigin.Derived || !lineage.IsPlain);
                    shared &= resolution.Origin == ColumnOrigin.Masked && (rule is null || ReferenceEquals(rule, resolution.Rule));
                    rule ??= resolution.Rule;
                    break;
            }
        }
        if (!masked)
            return new(true, null, "");
        if (isLeft)
            return new(true, null, rule!.Name);
        if (lineage.Part != DocumentPart.None && lineage.Columns.Single() is { Path: { } path } part && view.Resolve(part).Within(path) is { } within)
            return new(true, MaskKind.Redact, rule!.Name) { Places = within };
        // A mask that keeps something of a value (its year, its end) is meant for the values of its columns alone.
        var isRules = lineage.IsPlain && shared && !unmasked && rule is not null;
        return new(true, isRules ? rule!.Mask : MaskKind.Redact, rule?.Name ?? "masking") { Places = isRules ? rule!.Places : null };
    }

    /// <summary>
    /// True when the plan that EXPLAIN shows of a query tells nothing of masked columns. It holds the statement's own constants, what the planner computes from them
    /// in advance, and estimates, which depend on what chooses rows; where the query is run, also how often each part of it was, and how large its rows are.
    /// </summary>
    public static bool PlanIsClear(LineageAnswer answer, bool runs, ICatalogView view)
    {
        if (answer is not { ReadsElsewhere: false, Lineage: { Predicates.IsKnown: true, SeesThrough: false } lineage } || lineage.Relations.Any(view.MasksMoreThanItReads))
            return false;
        foreach (var column in runs ? lineage.Reads.Concat(lineage.Predicates.Columns) : lineage.Predicates.Columns)
        {
            if (view.Resolve(column).Origin != ColumnOrigin.Unmasked)
                return false;
        }
        return true;
    }

    /// <summary>
    /// True when the lineage is that of the described result as far as can be told: as many columns, of the same names, and where the server names a table's
    /// column, that one among its sources. False too where a rule is meant for the column of a view, of which the lineage says nothing.
    /// </summary>
    public static bool Agrees(StatementLineage lineage, RowDescription description, ICatalogView view)
    {
        if (lineage.RuleResults.Count > 0 || lineage.Columns.Count != description.Count || lineage.Relations.Any(view.MasksMoreThanItReads))
            return false;
        var index = 0;
        foreach (var field in description)
        {
            var column = lineage.Columns[index++];
            if (Ascii.IsValid(field.Name) && Ascii.IsValid(column.Name) && !Ascii.Equals(field.Name, column.Name))
                return false;
            if (field.TableOid == 0 || field.AttributeNumber == 0 || view.Resolve(field.TableOid, field.AttributeNumber).ThroughView)
                continue;
            // RETURNING shows what was stored as well, so there may be more.
            if (column.Lineage is { IsKnown: true } known && !known.Columns.Contains(new(field.TableOid, field.AttributeNumber)))
                return false;
        }
        return true;
    }
}
