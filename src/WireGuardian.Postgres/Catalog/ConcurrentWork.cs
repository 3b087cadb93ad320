using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// What the sessions of one database do at the same time, as far as one can change what another's statement means: a statement is judged by a picture of the
/// catalog, and what the server then runs is what its names and the code behind them mean by that time. So DDL that touches masked columns, and statements whose
/// harmlessness rests on the picture, are kept apart. Safe for several threads.
/// </summary>
public sealed class ConcurrentWork
{
    /// <summary>DDL of one transaction that is told apart.</summary>
    private const int MostChanges = 4096;

    private static readonly StatementFacts AnyDefinition = new() { Kinds = StatementKinds.Ddl, IsOpaque = true };

    private readonly Lock _lock = new();
    private readonly List<SessionWork> _changing = [];
    private readonly List<SessionWork> _running = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private long _number;
    private volatile int _open;

    /// <summary>Grows when DDL that touches masked columns begins and when it ends. Where it is the same at two times, none came in between.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Takes part in it; for one session.</summary>
    public SessionWork Join() => new(this);

    /// <summary>Completes when DDL or a statement has ended. Taken before it is looked whether that is needed.</summary>
    internal Task Moved
    {
        get
        {
            lock (_lock)
                return _moved.Task;
        }
    }

    /// <summary>DDL of a session is about to be sent.</summary>
    /// <param name="session">The session.</param>
    /// <param name="statements">What of its text may change the catalog.</param>
    /// <param name="touchesMasked">It names masked columns, or what it does cannot be read.</param>
    internal Redefinition Begin(SessionWork session, IReadOnlyList<StatementFacts> statements, bool touchesMasked)
    {
        lock (_lock)
        {
            // Whoever changes more than this in one transaction changes anything.
            if (session.Changes.Count > MostChanges)
            {
                (statements, touchesMasked) = ([AnyDefinition], true);
                session.Changes.RemoveRange(MostChanges, session.Changes.Count - MostChanges);
            }
            var change = new Redefinition(statements, touchesMasked, _number);
            if (session.Changes.Count == 0)
                _changing.Add(session);
            session.Changes.Add(change);
            _open = _changing.Count;
            if (touchesMasked)
                Interlocked.Increment(ref _version);
            return change;
        }
    }

    /// <summary>It was not sent after all.</summary>
    internal void TakeBack(SessionWork session, Redefinition change)
    {
        lock (_lock)
        {
            if (session.Changes.Remove(change) && session.Changes.Count == 0)
                _changing.Remove(session);
            Ended(change.TouchesMasked);
        }
    }

    /// <summary>The session's transaction is over: a picture that is asked for now holds what it made.</summary>
    internal void EndChanges(SessionWork session)
    {
        lock (_lock)
        {
            if (session.Changes.Count == 0)
                return;
            var touched = session.Changes.Exists(change => change.TouchesMasked);
            session.Changes.Clear();
            _changing.Remove(session);
            Ended(touched);
        }
    }

    /// <summary>True while statements of other sessions are under way that were so when the change began and that it concerns.</summary>
    internal bool MustWait(SessionWork session, Redefinition change, ICatalogSnapshot? snapshot)
    {
        lock (_lock)
        {
            foreach (var other in _running)
            {
                if (other == session)
                    continue;
                foreach (var statement in other.Statements)
                {
                    if (statement.Number <= change.After && change.Concerns(statement, snapshot))
                        return true;
                }
            }
            return false;
        }
    }

    /// <summary>True while another session has changed the meaning of something that the statement may rest on, and nobody can see yet what comes of it.</summary>
    internal bool IsConcerned(SessionWork session, RunningStatement statement, ICatalogSnapshot snapshot)
    {
        if (_open == 0)
            return false;
        lock (_lock)
        {
            foreach (var other in _changing)
            {
                if (other != session && other.Changes.Exists(change => change.Concerns(statement, snapshot)))
                    return true;
            }
            return false;
        }
    }

    /// <summary>True while another session has changed something in a way that touches masked columns by this picture.</summary>
    internal bool IsDisturbed(SessionWork session, ICatalogSnapshot snapshot)
    {
        if (_open == 0)
            return false;
        lock (_lock)
            return _changing.Exists(other => other != session && other.Changes.Exists(change => change.TouchesMaskedBy(snapshot)));
    }

    /// <summary>The statement is about to be sent. False, and nothing is noted, where meanings changed since <paramref name="version"/>, or others are about to change them.</summary>
    internal bool TryEnter(SessionWork session, RunningStatement statement, ICatalogSnapshot snapshot, long version)
    {
        lock (_lock)
        {
            if (_version != version || IsConcerned(session, statement, snapshot))
                return false;
            Add(session, statement);
            return true;
        }
    }

    /// <summary>The same where somebody has decided that it may be sent in any case.</summary>
    internal void Enter(SessionWork session, RunningStatement statement)
    {
        lock (_lock)
            Add(session, statement);
    }

    /// <summary>The server has answered it, or will not run it.</summary>
    internal void Leave(SessionWork session, RunningStatement statement)
    {
        lock (_lock)
        {
            if (session.Statements.Remove(statement) && session.Statements.Count == 0)
                _running.Remove(session);
            if (_open > 0)
                Tell();
        }
    }

    private void Add(SessionWork session, RunningStatement statement)
    {
        statement.Number = ++_number;
        if (session.Statements.Count == 0)
            _running.Add(session);
        session.Statements.Add(statement);
    }

    private void Ended(bool touchedMasked)
    {
        _open = _changing.Count;
        if (touchedMasked)
            Interlocked.Increment(ref _version);
        Tell();
    }

    private void Tell()
    {
        _moved.TrySetResult();
        _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
