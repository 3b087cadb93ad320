using System.Text;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Finds the columns to which a statement copies masked values, by its lineage.</summary>
internal sealed class CopyTargets(PostgresSnapshot snapshot)
{
    private readonly CatalogPicture _picture = snapshot.Picture;
    private readonly ICatalogView _view = snapshot.Unexempted;
    private readonly List<LabelledColumn> _found = [];

    /// <summary>What is copied: the rules of its origin, whether it is computed, and the columns that it comes from.</summary>
    private sealed record Copy(IReadOnlyList<MaskingRule> Rules, bool IsDerived, IReadOnlyList<string> Sources);

    /// <summary>Those that need a label; null where it is not known which columns get what.</summary>
    public IReadOnlyList<LabelledColumn>? Of(StatementFacts facts, LineageAnswer answer)
    {
        if (answer.Lineage is not { } lineage || lineage.Relations.Any(_view.MasksMoreThanItReads))
            return null;
        foreach (var write in lineage.Writes)
        {
            if (!TryRead(write.Lineage, out var copy, write.Target) || !TryLabel(write.Target, copy))
                return null;
        }
        if (facts.Creates is { } created && !TryCreate(created, lineage))
            return null;
        return facts.Rewrites is null || TryRewrite(lineage.Columns) ? _found : null;
    }

    /// <summary>A new relation has as many columns as its query. One whose name the server may fold or cut otherwise is not found again.</summary>
    private bool TryCreate(CreatedRelation created, StatementLineage lineage)
    {
        if (!Ascii.IsValid(created.Name.Name) || lineage.Columns.Count == 0)
            return false;
        for (var index = 0; index < lineage.Columns.Count; index++)
        {
            if (!TryRead(lineage.Columns[index].Lineage, out var copy))
                copy = new Copy(snapshot.Rules, IsDerived: true, []);
            if (copy is null)
                continue;
            _found.Add(Describe(copy) with
            {
                Attribute = (short)(index + 1),
                Table = created.Name.Name,
                Column = lineage.Columns[index].Name,
                Namesakes = snapshot.Namesakes(created.Name.Name),
            });
        }
        return true;
    }

    /// <summary>Pairs of a value and the column that it is stored in. One that the statement adds is masked by what it is computed from, once it is there.</summary>
    private bool TryRewrite(IReadOnlyList<OutputColumn> pairs)
    {
        for (var index = 0; index + 1 < pairs.Count; index += 2)
        {
            var (value, target) = (pairs[index].Lineage, pairs[index + 1].Lineage);
            if (!TryRead(value, out var copy) || !target.IsKnown || target.Columns.Count > 1 || (target.Columns.Count == 1 && !TryLabel(target.Columns.Single(), copy)))
                return false;
        }
        return pairs.Count % 2 == 0;
    }

    /// <summary>Null where nothing masked is in the value; false where that is not known.</summary>
    /// <param name="target">Where the value is stored: what was there before, unmasked, may stay there.</param>
    private bool TryRead(ColumnLineage lineage, out Copy? copy, ColumnKey target = default)
    {
        copy = null;
        if (!lineage.IsKnown)
            return false;
        var (rules, sources, isDerived) = (new List<MaskingRule>(), new List<string>(), !lineage.IsPlain);
        foreach (var column in lineage.Columns)
        {
            var resolution = _view.Resolve(column);
            if (resolution.Origin is ColumnOrigin.Unknown)
                return false;
            isDerived |= resolution.Origin is not ColumnOrigin.Masked && column != target;
            if (resolution.Rule is not { } rule)
                continue;
            sources.Add(NameOf(column));
            if (!rules.Contains(rule, ReferenceEqualityComparer.Instance))
                rules.Add(rule);
        }
        if (rules.Count > 0)
            copy = new Copy(rules, isDerived || rules.Count > 1 || _picture.Labels.Rules.ContainsKey(rules[0]), [.. sources.Order(StringComparer.Ordinal)]);
        return true;
    }

    /// <summary>False where the target cannot have a label: it has a rule of its own, which shows more than the origin's.</summary>
    private bool TryLabel(ColumnKey target, Copy? copy)
    {
        if (copy is null)
            return true;
        var resolution = _view.Resolve(target.Relation, target.Attribute);
        if (!_picture.Relations.TryGetValue(target.Relation, out var relation) || resolution.Origin is ColumnOrigin.Unknown or ColumnOrigin.Derived)
            return false;
        if (resolution.Origin is ColumnOrigin.Masked)
        {
            if (LabelRules.Covers(resolution.Rule!, copy.Rules, isPlain: !copy.IsDerived))
                return true;
            if (!_picture.Labels.Columns.ContainsKey(target))
                return false;
        }
        _found.Add(Describe(copy) with { Relation = target.Relation, Attribute = target.Attribute, Schema = relation.Schema, Table = relation.Name });
        return true;
    }

    private LabelledColumn Describe(Copy copy) => new()
    {
        Attribute = 0,
        Table = "",
        Rules = [.. copy.Rules.SelectMany(_picture.Labels.NamesOf).Distinct().Order(StringComparer.Ordinal)],
        IsDerived = copy.IsDerived,
        Sources = copy.Sources,
    };

    private string NameOf(ColumnKey column)
    {
        var name = _picture.Bound.FirstOrDefault(bound => bound.Key == column.Whole)?.Name ?? _picture.ViewColumnNames.GetValueOrDefault(column.Whole) ?? $"#{column.Attribute}";
        return _picture.Relations.TryGetValue(column.Relation, out var relation) ? $"{relation.Schema}.{relation.Name}.{name}" : name;
    }
}
