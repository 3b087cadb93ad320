using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Kinds by the names of what brings them along, to be found with a schema where a reference surely gives one, otherwise by the name alone.</summary>
internal sealed class KindsByName
{
    private readonly FrozenDictionary<string, StatementKinds> _byName;
    private readonly FrozenDictionary<Identifier, StatementKinds> _qualified;
    private readonly FrozenSet<string> _schemas;

    /// <param name="named">Schema and name with the kinds; those that bring nothing are left out.</param>
    /// <param name="schemas">The names of all schemas.</param>
    public KindsByName(IEnumerable<(Identifier Name, StatementKinds Kinds)> named, FrozenSet<string> schemas)
    {
        var all = named.Where(one => one.Kinds != StatementKinds.None).ToList();
        _byName = Combine(all, one => one.Name.Name, StringComparer.Ordinal);
        _qualified = Combine(all, one => one.Name, null);
        _schemas = schemas;
    }

    public bool IsEmpty => _byName.Count == 0;

    /// <summary>What one of a statement's identifiers brings along. Its qualifier counts as a schema only where the statement has no other use of it.</summary>
    public StatementKinds Of(Identifier identifier, IReadOnlySet<Identifier> statement)
    {
        if (!_byName.TryGetValue(identifier.Name, out var kinds))
            return StatementKinds.None;
        if (identifier.Qualifier is not { } qualifier || !_schemas.Contains(qualifier))
            return kinds;
        foreach (var other in statement)
        {
            if (other.Name == qualifier)
                return kinds;
        }
        return _qualified.GetValueOrDefault(identifier);
    }

    private static FrozenDictionary<TKey, StatementKinds> Combine<TKey>(
        List<(Identifier Name, StatementKinds Kinds)> items, Func<(Identifier Name, StatementKinds Kinds), TKey> key, IEqualityComparer<TKey>? comparer)
        where TKey : notnull =>
        items.GroupBy(key, item => item.Kinds, comparer).ToFrozenDictionary(group => group.Key, group => group.Aggregate((one, other) => one | other), comparer);
}
