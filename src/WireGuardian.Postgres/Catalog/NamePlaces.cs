using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The schemas that hold something of one name, for names that are not pg_catalog's alone.</summary>
/// <param name="Name">The name.</param>
/// <param name="Relations">Schemas with a relation or a type of that name.</param>
/// <param name="Routines">Schemas with a function or procedure of that name.</param>
/// <param name="RoutinesDiffer">True unless all of those routines give the same kind of result, so that it is one to the rest of a statement which of them is called.</param>
/// <param name="HasOverloads">True where there are several routines of that name, in whatever schema.</param>
internal sealed record NamePlace(string Name, IReadOnlyList<string> Relations, IReadOnlyList<string> Routines, bool RoutinesDiffer, bool HasOverloads = false);

/// <summary>The schemas that hold operators of one symbol, for symbols that are not pg_catalog's alone.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Schemas">Where there is one.</param>
/// <param name="Differ">True where they are in several schemas and do not all give the same type.</param>
/// <param name="HasOverloads">True where there are several.</param>
internal sealed record OperatorPlace(string Symbol, IReadOnlyList<string> Schemas, bool Differ, bool HasOverloads = false);

/// <summary>
/// Finds out what a statement's names can mean, whatever the session's search_path is. A name that one schema alone holds means that or nothing, and a statement with a
/// name that means nothing does not run; so a statement of such names can be analysed with all of those schemas in the path. Where several schemas hold a relation or type of
/// a name, it is analysed once for each that can be meant. Which of several functions or operators is called depends on more than the order of schemas: where that can make a
/// difference, nothing is known.
/// </summary>
internal sealed class NamePlaces
{
    /// <summary>Symbols that a statement may use without showing them: IN, BETWEEN, USING, NULLIF, CASE and IS DISTINCT compare.</summary>
    private static readonly string[] Comparisons = ["=", "<>", "<", ">", "<=", ">="];

    private readonly Dictionary<string, NamePlace> _names;
    private readonly Dictionary<string, OperatorPlace> _operators;
    private readonly IReadOnlySet<string> _schemas;
    private readonly IReadOnlySet<string> _distrusted;
    private readonly IReadOnlySet<string> _hidden;

    /// <param name="names">Names.</param>
    /// <param name="operators">Operators.</param>
    /// <param name="schemas">All schemas.</param>
    /// <param name="distrusted">Names of routines and symbols of operators that may read what their arguments do not say: which of several is meant does matter.</param>
    /// <param name="hidden">Schemas that the catalog login may not look into.</param>
    public NamePlaces(
        IEnumerable<NamePlace> names, IEnumerable<OperatorPlace> operators, IReadOnlySet<string> schemas, IReadOnlySet<string> distrusted, IReadOnlySet<string>? hidden = null)
    {
        _names = names.ToDictionary(place => place.Name, StringComparer.Ordinal);
        _operators = operators.ToDictionary(place => place.Symbol, StringComparer.Ordinal);
        (_schemas, _distrusted, _hidden) = (schemas, distrusted, hidden ?? new HashSet<string>());
    }

    /// <summary>Paths under which the statement means, one after the other, all that it can mean in a session that can run it; null where that cannot be said.</summary>
    /// <param name="facts">The statement's names.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="why">Why it cannot, in a sentence that names what stands in the statement.</param>
    public IReadOnlyList<SearchPath>? SearchPathsFor(StatementFacts facts, ReadOnlySpan<byte> sql, out string why)
    {
        var path = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var alone = facts.Identifiers.Select(identifier => identifier.Name).Where(_schemas.Contains).ToHashSet(StringComparer.Ordinal);
        foreach (var identifier in facts.Identifiers)
        {
            why = $"\"{identifier.Name}\" means something else in another schema, and the session's search_path is not known for sure";
            if (_names.TryGetValue(identifier.Name, out var place) && !TryAdd(place, identifier.Qualifier, alone, path, open))
                return null;
        }
        foreach (var place in _operators.Values)
        {
            why = $"\"{place.Symbol}\" means something else in another schema, and the session's search_path is not known for sure";
            if (!MayUse(place.Symbol, facts, sql))
                continue;
            if (place.Differ || (place.HasOverloads && _distrusted.Contains(place.Symbol)))
                return null;
            path.UnionWith(place.Schemas);
        }
        path.Remove("pg_catalog");
        why = "names in it mean something else in too many other schemas, and the session's search_path is not known for sure";
        return NameMeanings.Of(open, path);
    }

    /// <summary>True where the catalog login sees all that a session sees by this path: what it does not find there nobody finds.</summary>
    public bool SeesAllOf(SearchPath path) => !path.Schemas.Any(_hidden.Contains);

    /// <param name="place">Where things of the name are.</param>
    /// <param name="qualifier">What stands before the name in the statement.</param>
    /// <param name="alone">The names of schemas that the statement has in another use as well.</param>
    /// <param name="path">Takes the schemas.</param>
    /// <param name="open">Takes the name where it may mean a relation or type of several schemas.</param>
    private bool TryAdd(NamePlace place, string? qualifier, HashSet<string> alone, SortedSet<string> path, Dictionary<string, IReadOnlyList<string>> open)
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
        if (!AreAlike(place))
            return false;
        if (place.Relations.Count > 1)
        {
            // What is temporary is another session's for the catalog login.
            if (place.Routines.Count > 0 || place.Relations.Any(schema => _hidden.Contains(schema) || schema.StartsWith("pg_temp", StringComparison.Ordinal)))
                return false;
            open[place.Name] = place.Relations;
            return true;
        }
        if (place.Relations.Count == 1 && place.Routines.Any(schema => schema != place.Relations[0]))
            return false;
        path.UnionWith(place.Relations);
        path.UnionWith(place.Routines);
        return true;
    }

    /// <summary>One that reads elsewhere must be alone in its name: the server may still call it where it would now find a new one that fits better.</summary>
    private bool AreAlike(NamePlace place) =>
        (place.Routines.Count <= 1 || !(place.RoutinesDiffer || _distrusted.Contains(place.Name))) && !(place.HasOverloads && _distrusted.Contains(place.Name));

    /// <summary>Common operators are not among a statement's facts; where one of their characters is nowhere in the text, neither are they.</summary>
    private static bool MayUse(string symbol, StatementFacts facts, ReadOnlySpan<byte> sql) =>
        Comparisons.Contains(symbol) || facts.Operators.Contains(symbol) || (symbol.Length == 1 && sql.Contains((byte)symbol[0]));
}
