using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Finds the columns that hold masked values by what a picture shows, without a rule that names them: those of partitions and of tables that inherit, stored generated columns, and
/// materialized views. They keep the values when DDL takes them out of sight (DETACH, NO INHERIT, DROP EXPRESSION, another function below a view), so they are bound.
/// A parent is not bound for what its children hold: it holds none of that.
/// </summary>
internal sealed class HeldMasks
{
    private const int DeepestViews = 64;

    private readonly PostgresSnapshot _snapshot;
    private readonly CatalogPicture _picture;
    private readonly ColumnBindings _bindings;

    /// <summary>Why a column is masked, by column.</summary>
    private readonly Dictionary<ColumnKey, ColumnBinding> _reasons = [];

    /// <summary>Columns that a rule names as a whole, or a label has: what else they may have to do with does not count.</summary>
    private readonly HashSet<ColumnKey> _decided = [];
    private readonly HashSet<ColumnKey> _held = [];

    private readonly Dictionary<ColumnKey, BoundColumn> _bound;

    private HeldMasks(PostgresSnapshot snapshot, ColumnBindings bindings)
    {
        (_snapshot, _picture, _bindings) = (snapshot, snapshot.Picture, bindings);
        _bound = _picture.Bound.ToDictionary(column => column.Key);
    }

    /// <summary>The bindings of the columns that the picture masks so, and of those that earlier pictures did.</summary>
    public static IEnumerable<ColumnBinding> Find(PostgresSnapshot snapshot, ColumnBindings bindings)
    {
        var found = new HeldMasks(snapshot, bindings);
        found.Begin();
        while (found.Inherit())
        {
        }
        found.Generate();
        found.Fill();
        return found._held.Select(key => found._reasons[key]);
    }

    private void Begin()
    {
        foreach (var column in _picture.Bound)
        {
            var reason = column switch
            {
                { IsHeld: true } or { IsPartial: true, Binding: not null } => column.Binding!,
                { Binding: { } binding } => binding with { Sources = [binding.Name], Rules = [], Labels = [], IsDerived = false },
                _ => _bindings.Make(column.Key, NameOf(column.Key, column.Name), _picture.DatabaseNumber),
            };
            _reasons[column.Key] = _picture.Labels.Columns.TryGetValue(column.Key, out var labels) ? reason with { Labels = labels } : reason;
            if (!column.IsPartial)
                (column.IsHeld ? _held : _decided).Add(column.Key);
        }
    }

    private bool Inherit()
    {
        var grew = false;
        foreach (var (child, parent) in _picture.Inheritance)
        {
            if (!CanHoldData(child) || !_picture.NamesakeColumns.TryGetValue(parent, out var sources) || !_picture.NamesakeColumns.TryGetValue(child, out var targets))
                continue;
            foreach (var (name, attribute) in sources)
            {
                if (targets.TryGetValue(name, out var target) && _reasons.TryGetValue(new ColumnKey(parent, attribute), out var reason))
                    grew |= Hold(new ColumnKey(child, target), name, reason, reason.IsDerived);
            }
        }
        return grew;
    }

    private void Generate()
    {
        foreach (var column in _picture.GeneratedColumns.Values.Where(column => column.IsStored && CanHoldData(column.Key.Relation)))
        {
            foreach (var source in column.Sources)
            {
                if (_reasons.TryGetValue(column.Key with { Attribute = source }, out var reason))
                    Hold(column.Key, column.Name, reason, isDerived: true);
            }
        }
    }

    private void Fill()
    {
        if (_snapshot.Unexempted is { MasksNothing: false } view)
        {
            foreach (var (key, name) in _picture.ViewColumnNames)
            {
                // One that is locked, being refreshed perhaps, is masked as a whole until the server says what is in it.
                if (!_picture.Relations.TryGetValue(key.Relation, out var relation) || relation.Kind != 'm'
                    || !(_picture.Views.ContainsKey(key.Relation) || _picture.HiddenViews.Contains(key.Relation)))
                    continue;
                if (view.Resolve(key.Relation, key.Attribute) is { Origin: ColumnOrigin.Masked or ColumnOrigin.Derived, ThroughView: true } resolution
                    && !(_bound.TryGetValue(key, out var own) && own.IsPartial && resolution.Rule!.Parts is { } parts && IsOf(key, parts)))
                    Hold(key, name, ReasonOf(key, name, resolution), isDerived: false);
            }
        }
    }

    private ColumnBinding ReasonOf(ColumnKey key, string name, ColumnResolution resolution)
    {
        if (resolution.Rule!.Parts is { } parts && Shown(key, parts) is { } shown)
            return _bindings.Make(key, NameOf(key, name), _picture.DatabaseNumber) with { Sources = shown.Sources, HasDocuments = shown.HasDocuments, MaskedBy = shown.MaskedBy };
        var (reason, isDerived) = (_bindings.Make(key, NameOf(key, name), _picture.DatabaseNumber), resolution.Origin is ColumnOrigin.Derived);
        var rules = Names(resolution.Rule!);
        isDerived |= _picture.Labels.Rules.ContainsKey(resolution.Rule!);
        // To ask under each rule makes a view of the database for each of them.
        if (isDerived && !(_reasons.TryGetValue(key, out var known) && known.IsDerived && rules.All(rule => known.Rules.Contains(rule, StringComparer.Ordinal))))
            rules = _snapshot.Rules.Select(rule => _snapshot.ViewUnder(rule).Resolve(key.Relation, key.Attribute).Rule).OfType<MaskingRule>().SelectMany(Names);
        var names = rules.Concat(Names(resolution.Rule!)).Distinct(StringComparer.Ordinal).ToArray();
        return reason with { Rules = names, IsDerived = isDerived, MaskedBy = names };
    }

    /// <summary>Why the column of a table is masked that a materialized view shows in these places; null where it is none, or masked in other places.</summary>
    private ColumnBinding? Shown(ColumnKey key, IReadOnlyList<RulePart> parts)
    {
        for (var depth = 0; depth < DeepestViews; depth++)
        {
            if (!_picture.Views.TryGetValue(key.Relation, out var origins) || key.Attribute > origins.Columns.Count)
                return null;
            key = origins.Columns[key.Attribute - 1];
            if (!_reasons.TryGetValue(key, out var reason))
                continue;
            var isThat = CanHoldData(key.Relation) && _picture.Relations[key.Relation].Kind != 'm' && reason is { IsDerived: false, Rules.Count: 0, Labels.Count: 0 };
            return isThat && IsOf(key, parts) ? reason : null;
        }
        return null;
    }

    /// <summary>True for a column that rules name, or named, for these places and no others.</summary>
    private bool IsOf(ColumnKey key, IReadOnlyList<RulePart> parts) => _bound.TryGetValue(key, out var column) && column.Rule.Parts?.SequenceEqual(parts) == true;

    private IEnumerable<string> Names(MaskingRule rule) => _picture.Labels.NamesOf(rule);

    /// <summary>True when that is more than was known.</summary>
    private bool Hold(ColumnKey key, string name, ColumnBinding reason, bool isDerived)
    {
        if (_decided.Contains(key))
            return false;
        var known = _reasons.GetValueOrDefault(key) ?? _bindings.Make(key, NameOf(key, name), _picture.DatabaseNumber);
        var more = known with
        {
            Sources = reason.Sources,
            Rules = reason.Rules,
            Labels = reason.Labels,
            IsDerived = isDerived || reason.IsDerived,
            HasDocuments = reason.HasDocuments,
            IsRemembered = false,
            // Of several parents each adds its own.
            MaskedBy = [.. known.MaskedBy.Union(reason.MaskedBy, StringComparer.Ordinal)],
        };
        if (!_held.Add(key) && known.Covers(more))
            return false;
        _reasons[key] = known.With(more);
        return true;
    }

    private bool CanHoldData(uint oid) => _picture.Relations.TryGetValue(oid, out var relation) && relation.CanHoldData;

    private ColumnName NameOf(ColumnKey key, string name)
    {
        var relation = _picture.Relations[key.Relation];
        return new ColumnName(relation.Schema, relation.Name, name);
    }
}
