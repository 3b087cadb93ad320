using WireGuardian.Core.Detection;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Makes mask plans from RowDescriptions. Where a column comes from is what the server says of it (table OID and attribute number); of a column that it says
/// nothing of, or that a view computes, the statement's lineage tells. Where that is not known, such a column is masked whenever its statement involves masked
/// columns at all.
/// </summary>
public sealed class MaskPlanner(SessionContext context, SessionDetection detections)
{
    private const string UnknownRule = "unknown-relation";

    private readonly RecentPlans _recent = new();

    /// <summary>What a plan is made under; plans made under other circumstances are not used again.</summary>
    /// <param name="View">The picture of the catalog; null when it could not be had: then every column is masked.</param>
    /// <param name="Snapshot">The same, for types.</param>
    /// <param name="Involves">The statement may involve masked columns.</param>
    /// <param name="IsFresh">The picture is known to be newer than the result, so that there is nothing more to be learned by asking.</param>
    /// <param name="TrustsNewRelations">Relations that only this transaction can see hold nothing masked.</param>
    /// <param name="IsUtf8">client_encoding is UTF8.</param>
    /// <param name="ReachesMasked">The transaction may have put something masked behind a view that was there before.</param>
    /// <param name="Lineage">Where the columns come from; null where that was not asked, or cannot be known.</param>
    /// <param name="Detection">The rules for values in columns that are not masked, in order.</param>
    /// <param name="Masks">There are masking rules for the session; without, nothing has to be asked for them.</param>
    /// <param name="CodeMayDiffer">The statement runs users' code, and what that does may have been changed since the picture was looked at.</param>
    public readonly record struct Circumstances(
        ICatalogView? View, ICatalogSnapshot? Snapshot, bool Involves, bool IsFresh, bool TrustsNewRelations, bool IsUtf8, LineageAnswer? Lineage = null, bool ReachesMasked = false,
        IReadOnlyList<DetectionRule>? Detection = null, bool Masks = true, bool CodeMayDiffer = false);

    /// <summary>True when a column of the result would be masked as a whole for want of an origin.</summary>
    public static bool LeavesOriginsOpen(ReadOnlySpan<byte> rowDescription, ICatalogView view)
    {
        if (!RowDescription.TryParse(rowDescription, out var description))
            return false;
        foreach (var field in description)
        {
            if (field.TableOid == 0 || field.AttributeNumber == 0 || view.Resolve(field.TableOid, field.AttributeNumber) is { Origin: ColumnOrigin.Derived })
                return true;
        }
        return false;
    }

    /// <summary>The plan for a result of this shape. False when a fresh picture of the catalog is needed first.</summary>
    public bool TryPlan(ReadOnlySpan<byte> rowDescription, in Circumstances under, out MaskPlan plan)
    {
        if (_recent.Find(rowDescription, under) is { } known)
        {
            plan = known;
            return true;
        }
        plan = MaskPlan.None;
        if (!RowDescription.TryParse(rowDescription, out var description))
            throw new ProtocolException(ProtocolFault.Server, "a RowDescription that is cut short");
        var masks = new ValueMask?[description.Count];
        var rules = new string[description.Count];
        var found = new ColumnDetection?[description.Count];
        var (any, isOpen, column) = (false, false, -1);
        var lineage = under.Lineage is { Lineage: { } asked } && LineageRules.Agrees(asked, description, under.View!) ? asked : null;
        foreach (var field in description)
        {
            column++;
            if (!TryChoose(field.TableOid, field.AttributeNumber, lineage?.Columns[column].Lineage, under, out var kind, out rules[column], out var isPlain, out var places))
                return false;
            var shape = under.Snapshot?.TypeOf(field.TypeOid) ?? PostgresBuiltInTypes.Find(field.TypeOid) ?? PostgresType.Unknown(field.TypeOid);
            if (kind is null)
            {
                isOpen |= field.TableOid == 0 || field.AttributeNumber == 0;
                (found[column], rules[column]) = Detection(field, shape, under);
                any |= found[column] is not null;
                continue;
            }
            any = true;
            // The rest of a document that is masked in places is looked into like any other value.
            if (places is not null)
            {
                isOpen |= field.TableOid == 0 || field.AttributeNumber == 0;
                found[column] = Detection(field, shape, under).Detection;
            }
            masks[column] = ValueMask.Create(kind.Value, shape, field.TypeModifier, field.Format == 1, context.MaskKey, under.IsUtf8, isDerived: !isPlain, places, isExtracted: !isPlain);
        }
        var basis = under is { Masks: true, View: not null } ? new PlanBasis(rowDescription.ToArray(), under, isOpen) : null;
        plan = any ? new MaskPlan(masks, rules, found) { Basis = basis } : basis is null ? MaskPlan.None : new MaskPlan([], []) { Basis = basis };
        _recent.Keep(rowDescription, under, plan);
        return true;
    }

    /// <summary>How a column is looked into that no rule masks: by the names that its table has now, not by those of the result.</summary>
    private (ColumnDetection? Detection, string Rule) Detection(in RowDescriptionField field, PostgresType type, in Circumstances under)
    {
        if (under.Detection is not { Count: > 0 } rules)
            return (null, "");
        var isPlain = under.View is not null && field is { TableOid: not 0, AttributeNumber: not 0 };
        var origin = isPlain ? under.Snapshot!.NameOf(field.TableOid, field.AttributeNumber) : null;
        if (DetectionRule.Find(rules, origin, context.Principal) is not { } rule)
            return (null, "");
        return (ColumnDetection.Create(rule, type, field.TypeModifier, field.Format == 1, field.Name, context.MaskKey, under.IsUtf8, detections), rule.Name);
    }

    private static bool TryChoose(uint relation, short attribute, ColumnLineage? lineage, in Circumstances under, out MaskKind? kind, out string rule, out bool isPlain, out JsonPlaces? places)
    {
        (kind, rule, isPlain, places) = (MaskKind.Redact, UnknownRule, false, null);
        if (!under.Masks)
        {
            kind = null;
            return true;
        }
        if (under.View is null)
            return true;
        // It is asked for only under a picture that is newer than the result.
        var byLineage = lineage is { IsKnown: true } ? LineageRules.Decide(lineage, under.View) : default;
        if (relation == 0 || attribute == 0)
        {
            rule = "masking";
            if (under.CodeMayDiffer)
                return true;
            if (byLineage.IsKnown)
            {
                (kind, rule, isPlain, places) = (byLineage.Mask, byLineage.Rule, lineage!.IsPlain, byLineage.Places);
                return true;
            }
            if (under.Involves)
                return true;
            // A picture older than the result may not know what the statement's names mean by now.
            kind = null;
            return under.IsFresh;
        }
        var resolution = under.View.Resolve(relation, attribute);
        if (!under.IsFresh && (resolution.ThroughView || resolution.Origin == ColumnOrigin.Unknown))
            return false;
        switch (resolution.Origin)
        {
            case ColumnOrigin.Unmasked when !(resolution.ThroughView && under.ReachesMasked):
                kind = null;
                break;
            case ColumnOrigin.Masked:
                (kind, rule, isPlain, places) = (resolution.Rule!.Mask, resolution.Rule.Name, true, resolution.Rule.Places);
                break;
            case ColumnOrigin.Derived when byLineage.IsKnown:
                (kind, rule, isPlain, places) = (byLineage.Mask, byLineage.Rule, lineage!.IsPlain, byLineage.Places);
                break;
            case ColumnOrigin.Derived:
                rule = resolution.Rule?.Name ?? "masking";
                break;
            case ColumnOrigin.Unknown when under.TrustsNewRelations:
                kind = null;
                break;
        }
        return true;
    }
}
