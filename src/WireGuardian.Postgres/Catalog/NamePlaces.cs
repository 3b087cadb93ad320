using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The schemas that hold something of one name, for names that are not pg_catalog's alone.</summary>
/// <param name="Name">The name.</param>
/// <param name="Relations">Schemas with a relation or a type of that name.</param>
/// <param name="Routines">Schemas with a function or procedure of that name.</param>
/// <param name="RoutinesDiffer">True unless all of those routines give the same kind of result, so that it is one to the rest of a statement which of them is called.</param>
internal sealed record NamePlace(string Name, IReadOnlyList<string> Relations, IReadOnlyList<string> Routines, bool RoutinesDiffer);

/// <summary>The schemas that hold operators of one symbol, for symbols that are not pg_catalog's alone.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Schemas">Where there is one.</param>
/// <param name="Differ">True where they are in several schemas and do not all give the same type.</param>
internal sealed record OperatorPlace(string Symbol, IReadOnlyList<string> Schemas, bool Differ);

/// <summary>
/// Finds out whether a statement's names mean the same under any search_path. A name that one schema alone holds means that or nothing, and a statement with a
/// name that means nothing does not run; so such a statement can be analysed with all of those schemas in the path, whatever the session's path is.
/// </summary>
internal sealed class NamePlaces
{
    /// <summary>Symbols that a statement may use without showing them: IN, BETWEEN, USING, NULLIF, CASE and IS DISTINCT compare.</summary>
    private static readonly string[] Comparisons = ["=", "<>", "<", ">", "<=", ">="];

    private readonly Dictionary<string, NamePlace> _names;
    private readonly Dictionary<string, OperatorPlace> _operators;
    private readonly IReadOnlySet<string> _schemas;
    private readonly IReadOnlySet<string> _distrusted;

    /// <param name="names">Names.</param>
    /// <param name="operators">Operators.</param>
    /// <param name="schemas">All schemas.</param>
    /// <param name="distrusted">Names of routines and symbols of operators that may read what their arguments do not say: which of several is meant does matter.</param>
    public NamePlaces(IEnumerable<NamePlace> names, IEnumerable<OperatorPlace> operators, IReadOnlySet<string> schemas, IReadOnlySet<string> distrusted)
    {
        _names = names.ToDictionary(place => place.Name, StringComparer.Ordinal);
        _operators = operators.ToDictionary(place => place.Symbol, StringComparer.Ordinal);
        (_schemas, _distrusted) = (schemas, distrusted);
    }

    /// <summary>The schemas under which the statement means what it means in any session that can run it; null where a name, or an operator, has several meanings.</summary>
    /// <param name="facts">The statement's names.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="ambiguous">The first name or symbol with several meanings.</param>
    public IReadOnlyCollection<string>? SearchPathFor(StatementFacts facts, ReadOnlySpan<byte> sql, out string ambiguous)
    {
        var path = new SortedSet<string>(StringComparer.Ordinal);
        var alone = facts.Identifiers.Select(identifier => identifier.Name).Where(_schemas.Contains).ToHashSet(StringComparer.Ordinal);
        foreach (var identifier in facts.Identifiers)
        {
            ambiguous = identifier.Name;
            if (_names.TryGetValue(identifier.Name, out var place) && !TryAdd(place, identifier.Qualifier, alone, path))
                return null;
        }
        foreach (var place in _operators.Values)
        {
            ambiguous = place.Symbol;
            if (!MayUse(place.Symbol, facts, sql))
                continue;
            if (place.Differ || (place.Schemas.Count > 1 && _distrusted.Contains(place.Symbol)))
                return null;
            path.UnionWith(place.Schemas);
        }
        // It comes first by itself.
        path.Remove("pg_catalog");
        ambiguous = "";
        return path;
    }

    /// <param name="place">Where things of the name are.</param>
    /// <param name="qualifier">What stands before the name in the statement.</param>
    /// <param name="alone">The names of schemas that the statement has in another use as well.</param>
    /// <param name="path">Takes the schemas.</param>
    private bool TryAdd(NamePlace place, string? qualifier, HashSet<string> alone, SortedSet<string> path)
    {
        // schema.name is the same everywhere, unless the qualifier may be something else: an alias, then name can be a column or, of a whole row, a function.
        if (qualifier is not null)
        {
            if (_schemas.Contains(qualifier) && !alone.Contains(qualifier))
                return true;
            if (!AreAlike(place))
                return false;
            path.UnionWith(place.Routines);
            return true;
        }
        if (place.Relations.Count > 1 || (place.Relations.Count == 1 && place.Routines.Any(schema => schema != place.Relations[0])) || !AreAlike(place))
            return false;
        path.UnionWith(place.Relations);
        path.UnionWith(place.Routines);
        return true;
    }

    private bool AreAlike(NamePlace place) => place.Routines.Count <= 1 || !(place.RoutinesDiffer || _distrusted.Contains(place.Name));

    /// <summary>Common operators are not among a statement's facts; where one of their characters is nowhere in the text, neither are they.</summary>
    private static bool MayUse(string symbol, StatementFacts facts, ReadOnlySpan<byte> sql) =>
        Comparisons.Contains(symbol) || facts.Operators.Contains(symbol) || (symbol.Length == 1 && sql.Contains((byte)symbol[0]));
}
