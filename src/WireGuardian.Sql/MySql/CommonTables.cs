namespace WireGuardian.Sql.MySql;

/// <summary>The common table expressions that a query block sees, those of the queries around it included.</summary>
internal sealed class CommonTables(CommonTables? outer)
{
    private readonly Dictionary<string, (string Spelling, ResultShape? Query, IReadOnlyList<string>? Columns)> _tables = new(StringComparer.Ordinal);

    /// <summary>A name of the WITH clause: what it means is not known until it is defined, for itself and those before it, either.</summary>
    public bool TryDeclare(string name, string spelling) => _tables.TryAdd(name, (spelling, null, null));

    public void Define(string name, ResultShape? query, IReadOnlyList<string>? columns) => _tables[name] = (_tables[name].Spelling, query, columns);

    /// <summary>
    /// False where no such expression is in sight. A relation without a query is one of which cannot be told what it is: an expression that has no shape, or
    /// whose name is spelled in another case, which on some servers is another name.
    /// </summary>
    public bool TryFind(string name, string spelling, out ResultShape? query, out IReadOnlyList<string>? columns)
    {
        if (_tables.TryGetValue(name, out var found))
        {
            (query, columns) = found.Spelling == spelling ? (found.Query, found.Columns) : (null, null);
            return true;
        }

        (query, columns) = (null, null);
        return outer is not null && outer.TryFind(name, spelling, out query, out columns);
    }
}
