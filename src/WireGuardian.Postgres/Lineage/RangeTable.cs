using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The range table of one query: what its FROM, its target and its joins are numbered by, from 1.</summary>
internal sealed class RangeTable
{
    private readonly RangeTableEntry[] _entries;

    public RangeTable(TreeNode query, QueryScope scope, Findings findings)
    {
        // EXCLUDED is the row that INSERT proposed: it holds what INSERT puts there, or what the table's triggers or defaults make of it.
        var excluded = query.Node("onConflict")?.Number("exclRelIndex") ?? 0;
        _entries = [.. query.Nodes("rtable").Select((node, index) => new RangeTableEntry(node, scope, findings, index + 1 == excluded ? query : null))];
    }

    public void Walk()
    {
        foreach (var entry in _entries)
            entry.Walk();
    }

    /// <summary>The column that a VAR names; attribute 0 is the whole row, those below are the system's.</summary>
    public ColumnLineage Column(int entry, int attribute) =>
        Entry(entry)?.Column(attribute) ?? ColumnLineage.Unknown("an entry of the range table that is not there");

    /// <summary>The attribute numbers of a relation's columns.</summary>
    public IEnumerable<int> Attributes(int entry) => Entry(entry)?.Attributes ?? [];

    /// <summary>All columns of a subquery; null where the entry is none.</summary>
    public IReadOnlyList<ColumnLineage>? Columns(int entry) => Entry(entry)?.SubqueryColumns;

    /// <summary>The types of a subquery's columns.</summary>
    public IReadOnlyList<uint> Types(int entry) => Entry(entry)?.SubqueryTypes ?? [];

    /// <summary>The relation's OID; 0 where the entry is none.</summary>
    public uint Relation(int entry) => Entry(entry)?.Relation ?? 0;

    private RangeTableEntry? Entry(int number) => number >= 1 && number <= _entries.Length ? _entries[number - 1] : null;
}
