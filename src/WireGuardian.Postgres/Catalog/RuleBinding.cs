using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Puts the rules of the configuration into a picture: each is bound to the columns that it names now, and to those that it was bound to before.</summary>
/// <param name="bindings">The bindings of the database.</param>
/// <param name="known">Those that there were before the picture's transaction began.</param>
/// <param name="relations">All relations.</param>
/// <param name="databases">The numbers of all databases of the server.</param>
/// <param name="databaseNumber">That of this one.</param>
/// <param name="rules">What the configuration says.</param>
internal sealed class RuleBinding(
    ColumnBindings bindings, IReadOnlyList<ColumnBinding> known, IReadOnlyList<Relation> relations, IReadOnlySet<uint> databases, uint databaseNumber, BindingRules rules)
{
    private readonly Dictionary<uint, Relation> _relations = relations.ToDictionary(relation => relation.Oid);
    private readonly Dictionary<ColumnKey, ColumnBinding> _here = known.Where(binding => IsOf(binding, bindings.Upstream, databaseNumber)).ToDictionary(Key);

    /// <summary>Ids of bindings whose column or database is no more, or that no rule has to do with.</summary>
    public List<string> Gone { get; } = [];

    /// <summary>Bindings that are new, or were found under another name.</summary>
    public List<ColumnBinding> Found { get; } = [];

    /// <summary>The bound columns, under their present names.</summary>
    /// <param name="reader">Reads in the picture's transaction.</param>
    /// <param name="named">The columns that the rules' patterns name now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<BoundColumn>> BindAsync(
        CatalogReader reader, IReadOnlyDictionary<ColumnKey, NamedColumn> named, CancellationToken cancellationToken)
    {
        await FindMovedAsync(reader, cancellationToken);
        var names = named.ToDictionary(column => column.Key, column => column.Value.Name);
        foreach (var column in await NamesAsync(reader, [.. _here.Keys.Where(key => !names.ContainsKey(key))], cancellationToken))
            names[column.Key] = column.Value;

        var bound = new Dictionary<ColumnKey, BoundColumn>();
        foreach (var (key, binding) in _here)
        {
            if (!names.TryGetValue(key, out var name) || !_relations.ContainsKey(key.Relation) || rules.IsOver(binding))
                Gone.Add(binding.Id);
            else if (Bind(key, name, binding, named.GetValueOrDefault(key)) is { } column)
                bound[key] = column;
        }
        foreach (var (key, (name, rule, hasDocuments)) in named)
        {
            if (bound.ContainsKey(key))
                continue;
            var made = bindings.Make(key, NameOf(key, name), databaseNumber) with { Sources = [NameOf(key, name)], HasDocuments = hasDocuments, MaskedBy = rules.NamesOf(rule) };
            bound[key] = new BoundColumn(key, name, rule) { Binding = made, IsPartial = ColumnRules.IsPartial(rule) };
        }
        Found.AddRange(bound.Values.Where(column => !column.IsHeld).Select(column => column.Binding!));
        return [.. bound.Values.OrderBy(column => column.Key.Relation)];
    }

    /// <summary>
    /// A rule that names the column as a whole, as it was called when it was bound, decides alone. Rules for places in its documents do so on these: where its values come from, and what
    /// names it now, count as well.
    /// </summary>
    private BoundColumn? Bind(ColumnKey key, string name, ColumnBinding binding, NamedColumn? present)
    {
        binding = binding with { Present = NameOf(key, name), HasDocuments = binding.HasDocuments || present is { HasDocuments: true } };
        var own = rules.Naming(binding);
        if ((own is null || ColumnRules.IsPartial(own)) && present is not null)
            own = own is not null ? ColumnRules.Together(own, present.Rule, static _ => true) : ColumnRules.IsPartial(present.Rule) ? present.Rule : null;
        if (own is null)
        {
            return rules.Behind(binding) is { } behind
                ? new BoundColumn(key, name, behind) { Binding = binding with { IsRemembered = true, MaskedBy = rules.NamesOf(behind) }, IsHeld = true }
                : null;
        }
        var isPartial = ColumnRules.IsPartial(own);
        if (isPartial && rules.Behind(binding) is { } other)
            own = rules.Both(own, other);
        return new BoundColumn(key, name, own) { Binding = binding with { IsRemembered = present is null, MaskedBy = rules.NamesOf(own) }, IsPartial = isPartial };
    }

    private static bool IsOf(ColumnBinding binding, string upstream, uint number) => binding.Upstream == upstream && binding.DatabaseNumber == number;

    private static ColumnKey Key(ColumnBinding binding) => new(binding.Relation, binding.Attribute);

    private ColumnName NameOf(ColumnKey key, string name) => new(_relations[key.Relation].Schema, _relations[key.Relation].Name, name);

    /// <summary>A database that was restored, or moved to another server, numbers its columns anew: they are found by their names.</summary>
    private async Task FindMovedAsync(CatalogReader reader, CancellationToken cancellationToken)
    {
        var dropped = known.Where(binding => binding.Upstream == bindings.Upstream && !databases.Contains(binding.DatabaseNumber)).ToArray();
        Gone.AddRange(dropped.Select(binding => binding.Id));
        var moved = known.Where(binding => binding.Upstream != bindings.Upstream).Concat(dropped).Where(binding => binding.Database == bindings.Database)
            .ToLookup(binding => (binding.Present.Schema, binding.Present.Table));
        if (moved.Count == 0)
            return;
        var found = relations.Where(relation => moved.Contains((relation.Schema, relation.Name))).ToArray();
        var columns = await reader.ReadAsync(
            CatalogQueries.Columns,
            row => KeyValuePair.Create(new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)),
            cancellationToken,
            CatalogReader.Oids(found.Select(relation => relation.Oid)));
        foreach (var (key, name) in columns)
        {
            var relation = _relations[key.Relation];
            foreach (var binding in moved[(relation.Schema, relation.Name)].Where(binding => binding.Present.Column == name))
            {
                Gone.Add(binding.Id);
                var here = binding with { Upstream = bindings.Upstream, DatabaseNumber = databaseNumber, Relation = key.Relation, Attribute = key.Attribute };
                Found.Add(_here[key] = _here.TryGetValue(key, out var former) ? former.With(here) : here);
            }
        }
    }

    private static async Task<IEnumerable<KeyValuePair<ColumnKey, string>>> NamesAsync(CatalogReader reader, ColumnKey[] keys, CancellationToken cancellationToken) =>
        keys.Length == 0
            ? []
            : await reader.ReadAsync(
                CatalogQueries.NamesOfColumns,
                row => KeyValuePair.Create(new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)),
                cancellationToken,
                CatalogReader.Oids(keys.Select(key => key.Relation)),
                CatalogReader.Attributes(keys.Select(key => key.Attribute)));
}
