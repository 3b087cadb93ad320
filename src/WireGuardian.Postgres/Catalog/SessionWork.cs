using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>One session's part in <see cref="ConcurrentWork"/>: the DDL of its open transaction, and its statements under way.</summary>
public sealed class SessionWork
{
    private readonly ConcurrentWork _all;

    internal SessionWork(ConcurrentWork all) => _all = all;

    /// <summary>Guarded by the lock of all.</summary>
    internal List<Redefinition> Changes { get; } = [];

    /// <inheritdoc cref="Changes"/>
    internal List<RunningStatement> Statements { get; } = [];

    /// <inheritdoc cref="ConcurrentWork.Version"/>
    public long Version => _all.Version;

    /// <inheritdoc cref="ConcurrentWork.Begin"/>
    public Redefinition Begin(IReadOnlyList<StatementFacts> statements, bool touchesMasked) => _all.Begin(this, statements, touchesMasked);

    /// <inheritdoc cref="ConcurrentWork.TakeBack"/>
    public void TakeBack(Redefinition change) => _all.TakeBack(this, change);

    /// <inheritdoc cref="ConcurrentWork.EndChanges"/>
    public void EndChanges() => _all.EndChanges(this);

    /// <inheritdoc cref="ConcurrentWork.MustWait"/>
    public bool MustWait(Redefinition change, ICatalogSnapshot? snapshot) => _all.MustWait(this, change, snapshot);

    /// <inheritdoc cref="ConcurrentWork.IsConcerned"/>
    public bool IsConcerned(RunningStatement statement, ICatalogSnapshot snapshot) => _all.IsConcerned(this, statement, snapshot);

    /// <inheritdoc cref="ConcurrentWork.IsDisturbed"/>
    public bool IsDisturbed(ICatalogSnapshot snapshot) => _all.IsDisturbed(this, snapshot);

    /// <inheritdoc cref="ConcurrentWork.TryEnter"/>
    public bool TryEnter(RunningStatement statement, ICatalogSnapshot snapshot, long version) => _all.TryEnter(this, statement, snapshot, version);

    /// <inheritdoc cref="ConcurrentWork.Enter"/>
    public void Enter(RunningStatement statement) => _all.Enter(this, statement);

    /// <inheritdoc cref="ConcurrentWork.Leave"/>
    public void Leave(RunningStatement statement) => _all.Leave(this, statement);

    /// <summary>Waits while <paramref name="holds"/>, and no longer than <paramref name="patience"/>.</summary>
    public async Task WaitWhileAsync(Func<bool> holds, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var moved = _all.Moved;
            var left = patience - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !holds())
                return;
            try
            {
                await moved.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }
}
