using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Routines that the session has made and that no picture of the catalog holds yet, and whatever was made of routines that leave values behind (triggers,
/// domains, operators): until a picture does, a statement with one of their names may run them.
/// </summary>
public sealed class UncommittedCode
{
    private readonly HashSet<string> _routines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unseen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reaching = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private bool _replaces;

    /// <summary>Something was made over a relation with masked columns that runs a routine: an index, a check.</summary>
    private bool _feeds;

    /// <summary>The transaction changed something else than tables that came and went.</summary>
    private bool _isAnything;

    /// <summary>Grows with every change: what was judged before may be judged otherwise now, under the same picture.</summary>
    public long Version { get; private set; }

    /// <summary>The transaction may have changed the catalog in a way that nobody else sees yet.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>Masked columns may be reachable under names or numbers that nobody knows yet.</summary>
    public bool ReachesMasked { get; private set; }

    /// <summary>Nothing is noted, nor has anything changed.</summary>
    public bool IsEmpty => _routines.Count + _names.Count + _reaching.Count == 0 && !ReachesMasked && !HasChanges && !_feeds;

    /// <summary>The transaction is over: any picture that is asked for now holds what it made.</summary>
    public void Clear()
    {
        if (IsEmpty)
            return;
        _routines.Clear();
        _names.Clear();
        _unseen.Clear();
        _reaching.Clear();
        _tables.Clear();
        ReachesMasked = HasChanges = _replaces = _isAnything = _feeds = false;
        Version++;
    }

    /// <summary>A statement may change the catalog.</summary>
    public void NoteChange(bool involvesMasked)
    {
        if (HasChanges && (ReachesMasked || !involvesMasked))
            return;
        HasChanges = true;
        ReachesMasked |= involvesMasked;
        Version++;
    }

    /// <summary>Notes what of the catalog the statement changes.</summary>
    public void NoteTables(Judgement judgement)
    {
        const StatementKinds Changing = StatementKinds.Ddl | StatementKinds.Privilege | StatementKinds.Code | StatementKinds.Unclassified;
        if (judgement is { Runs: [{ IsOpaque: false } facts], View: { } view } && ComesOrGoes(facts) && ((view.KindsOfRoutines(facts) | view.KindsOfTriggers(facts)) & Changing) == 0)
            _tables.UnionWith(facts.Creates is { } made ? [made.Name.Name] : facts.Identifiers.Select(identifier => identifier.Name));
        else
            _isAnything = true;
        Version++;
    }

    /// <summary>A table that is dropped, emptied, or made from a query.</summary>
    private static bool ComesOrGoes(StatementFacts facts) => facts.Creates is not null
        ? (facts.Kinds & ~(StatementKinds.Ddl | StatementKinds.Select)) == 0
        : facts.DropsTables || (facts.KeepsMeanings && facts.Kinds == (StatementKinds.Ddl | StatementKinds.Delete));

    /// <summary>
    /// True where the query of which the statement makes a relation means to others what it means to the transaction: that has done nothing but dropped, emptied and
    /// made tables of names that do not occur in the query.
    /// </summary>
    public bool LeavesAlone(StatementFacts facts) =>
        !_isAnything && facts.Creates is { Name: var target }
        && facts.Identifiers.All(identifier => identifier.Name == target.Name || !_tables.Contains(identifier.Name))
        && !(_tables.Contains(target.Name) && facts.WriteSources.Any(source => source.Reads.Any(read => read.Name == target.Name)));

    /// <summary>Notes what a statement makes.</summary>
    public void Note(StatementFacts facts, ICatalogView? view)
    {
        var before = _routines.Count + _names.Count + _reaching.Count;
        if (facts.DefinesRoutine is { } routine)
        {
            // One that calls an unseen one reads what that reads.
            if (facts.RoutineIsUnseen || MayCallUnseen(facts))
                _unseen.Add(routine);
            _routines.Add(routine);
            _replaces |= view?.HasRoutine(routine) == true;
        }
        else if (facts.Kinds.HasFlag(StatementKinds.Ddl) && (MayCall(facts) || view?.LeavesValuesBehind(facts) == true))
            _names.UnionWith([.. facts.Identifiers.Select(identifier => identifier.Name), .. facts.Operators]);
        if (facts.Kinds.HasFlag(StatementKinds.Ddl) && view is not null)
        {
            NoteReaching(facts, view);
            NoteFeeding(facts, view);
        }
        if (_routines.Count + _names.Count + _reaching.Count != before)
            Version++;
    }

    private void NoteFeeding(StatementFacts facts, ICatalogView view)
    {
        if (_feeds || facts.RoutineNames.Count > 0 || view.MasksNothing || !view.Involves(facts) || !facts.Identifiers.Any(identifier => view.HasRoutine(identifier.Name)))
            return;
        _feeds = true;
        Version++;
    }

    /// <summary>True where the statement gives a routine another body, which stores or sends values, behind one that made the server run routines over masked columns by itself.</summary>
    public bool MayFeed(StatementFacts facts, ICatalogView view) => _feeds && facts.RoutineNames.Count > 0 && view.MakesLeaving(facts);

    /// <summary>What is made of masked columns, or of what was made of them, may be read under its name. Names of which the picture says so already are left out.</summary>
    private void NoteReaching(StatementFacts facts, ICatalogView view)
    {
        if (!view.Involves(facts) && !(_reaching.Count > 0 && facts.Identifiers.Any(identifier => _reaching.Contains(identifier.Name))))
            return;
        IEnumerable<Identifier> made = facts.Creates is { } created ? [created.Name] : facts.Relations;
        foreach (var name in made.Where(name => !view.NamesMasked(name, facts)))
            _reaching.Add(name.Name);
        if (facts.Renames is { } renamed)
            _reaching.Add(renamed.To);
    }

    /// <summary>True when the statement stores what it may have read of a masked column under a name that only this transaction knows.</summary>
    public bool MayStoreReached(StatementFacts facts) =>
        _reaching.Count > 0 && facts.WriteSources.Any(source => source.Reads.Any(read => _reaching.Contains(read.Name)));

    /// <summary>True when the statement may call a routine that nothing is known of.</summary>
    public bool MayCall(StatementFacts facts) =>
        _routines.Count > 0 && (facts.IsOpaque || facts.Identifiers.Any(identifier => _routines.Contains(identifier.Name)));

    /// <summary>True when the statement may call such a routine of whose body not all that it reads can be told.</summary>
    public bool MayCallUnseen(StatementFacts facts) =>
        _unseen.Count > 0 && (facts.IsOpaque || facts.Identifiers.Any(identifier => _unseen.Contains(identifier.Name)));

    /// <summary>
    /// True when the statement may run a routine by another way than calling it. One that was there before may be called by anything: triggers, views, routines.
    /// </summary>
    public bool MayRun(StatementFacts facts) =>
        _replaces || (_names.Count > 0 && (facts.Identifiers.Any(identifier => _names.Contains(identifier.Name)) || facts.Operators.Any(_names.Contains)));
}
