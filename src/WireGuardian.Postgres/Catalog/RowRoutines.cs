using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Routines that the server runs by itself over the rows of tables with masked columns: for indexes, checks, statistics, defaults, policies and domains. Where one stores or
/// sends what it is given, masked values go where no rule masks them, without any statement that names them.
/// </summary>
internal sealed class RowRoutines
{
    private readonly CatalogPicture _picture;
    private readonly RoutineKinds _kinds;
    private readonly HashSet<string> _fed = new(StringComparer.Ordinal);
    private readonly NameSet _written = new();
    private readonly NameSet _read = new();

    private RowRoutines(CatalogPicture picture, RoutineKinds kinds) => (_picture, _kinds) = (picture, kinds);

    /// <param name="picture">The database.</param>
    /// <param name="taint">What reads masked columns.</param>
    /// <param name="kinds">What routines do.</param>
    /// <param name="hasMasked">True for relations with a masked column.</param>
    public static RowRoutines Find(CatalogPicture picture, Taint taint, RoutineKinds kinds, Func<uint, bool> hasMasked)
    {
        var found = new RowRoutines(picture, kinds);
        foreach (var expression in picture.RowExpressions)
        {
            var isMasked = hasMasked(expression.Relation);
            var leaves = isMasked && kinds.LeavesValuesBehind(expression.Function);
            if (leaves || (expression.Use is RowExpressionUse.Default && taint.Routines.Contains(expression.Function)))
                found.Add(expression.Use is RowExpressionUse.Policy ? found._read : found._written, expression.Relation);
        }
        found.Follow(picture.RowExpressions.Where(expression => hasMasked(expression.Relation)).Select(expression => expression.Function));
        return found;
    }

    /// <summary>
    /// True where the statement gives such a routine, or one that it may call, another body or meaning, which stores or sends values: the server would run it unasked.
    /// </summary>
    public bool MayFeed(StatementFacts facts) => facts.RoutineNames.Any(_fed.Contains) && _kinds.MakesLeaving(facts);

    /// <summary>True where the statement makes the server run one that stores or sends masked values, or that stores what it reads itself.</summary>
    public bool MayRunLeaving(StatementFacts facts) =>
        Names(_read, facts) || ((facts.Kinds & (RowTriggers.Writes | StatementKinds.Maintenance)) != StatementKinds.None && Names(_written, facts));

    private bool Names(NameSet relations, StatementFacts facts) =>
        !relations.IsEmpty && facts.Identifiers.Any(identifier => relations.Contains(identifier, facts.Identifiers, _picture.Schemas));

    private void Add(NameSet names, uint oid)
    {
        if (_picture.Relations.TryGetValue(oid, out var relation))
            names.Add(relation.Schema, relation.Name);
    }

    /// <summary>Everything that their bodies name counts, also what is no routine yet.</summary>
    private void Follow(IEnumerable<uint> functions)
    {
        var byName = _picture.Routines.ToLookup(routine => routine.Name, StringComparer.Ordinal);
        var byOid = _picture.Routines.ToDictionary(routine => routine.Oid);
        var open = new Stack<string>();
        foreach (var function in functions)
        {
            if (byOid.TryGetValue(function, out var routine) && _fed.Add(routine.Name))
                open.Push(routine.Name);
        }
        while (open.TryPop(out var name))
        {
            foreach (var reference in byName[name].SelectMany(routine => routine.References))
            {
                if (_fed.Add(reference.Name))
                    open.Push(reference.Name);
            }
        }
    }
}
