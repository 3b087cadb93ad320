using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// The trail in <c>audit.db</c> of the data directory, with two spool files beside it. <see cref="Append"/> is one write to the spool, and the
/// store has the record within <see cref="SqliteAuditOptions.CommitDelay"/> and a commit; <see cref="AppendDurableAsync"/> waits for that commit.
/// While the store cannot be written both throw, and it is tried again until it can; nothing accepted is lost or written twice.
/// </summary>
public sealed class SqliteAuditLog : IAuditLog, IAsyncDisposable
{
    private readonly SqliteAuditOptions _options;
    private readonly ITimer? _checkpoints;
    private Task _checkpoint = Task.CompletedTask;
    private readonly AuditSpool _spool;
    private readonly AuditStore _store;
    private readonly AuditIntake _intake;
    private readonly AuditWriter _writer;
    private readonly AuditReader _reader;
    private readonly AuditRetention _retention;

    private SqliteAuditLog(string path, AuditSpool spool, AuditStore store, SqliteAuditOptions options, AuditMetrics metrics, TimeProvider time)
    {
        _options = options;
        _spool = spool;
        _store = store;
        _intake = new AuditIntake(spool, store.LastNumber, options, metrics);
        _writer = new AuditWriter(store, _intake, options);
        _reader = new AuditReader(path, options.LockTimeout);
        _retention = new AuditRetention(path, options.LockTimeout);
        if (options.SigningKey is not null)
            _checkpoints = time.CreateTimer(_ => CheckpointInTime(), null, options.CheckpointInterval, options.CheckpointInterval);
    }

    /// <summary>
    /// Opens the log, or makes one. Records that only the spool has are put into the chain first, and a <c>start</c> record says how many; then a
    /// <c>signing-key</c> record, where the key is a new one. Throws
    /// <see cref="StorageException"/> when the directory cannot be used, another process uses it, or a newer program wrote it.
    /// </summary>
    public static SqliteAuditLog Open(string dataDirectory, AuditMetrics metrics, TimeProvider time, SqliteAuditOptions? options = null)
    {
        options ??= new SqliteAuditOptions();
        var directory = DataDirectory.Ensure(dataDirectory);
        var path = Path.Combine(directory, AuditSchema.FileName);
        var spool = AuditSpool.Open(directory);
        AuditStore? store = null;
        try
        {
            store = new AuditStore(path, options, time);
            metrics.Committed(Recover(spool, store, time) + (store.RegisterKey(time) ? 1 : 0));
            return new SqliteAuditLog(path, spool, store, options, metrics, time);
        }
        catch (Exception exception)
        {
            store?.Dispose();
            spool.Dispose();
            if (exception is StorageException)
                throw;
            throw new StorageException($"The audit log in {directory} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>False while records are refused: the store or the spool cannot be written, or the log is closed.</summary>
    public bool IsHealthy => _intake.IsHealthy;

    /// <summary>The last committed record.</summary>
    public AuditHead Head => _store.Head;

    public void Append(AuditRecord record) => _intake.Append(record);

    /// <summary>As the interface says. A call that is cancelled stops waiting; its record is written all the same.</summary>
    public async ValueTask AppendDurableAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _intake.AppendDurable(record).WaitAsync(cancellationToken);
    }

    /// <summary>The trail and its evidence, for auditors.</summary>
    public IAuditArchive Archive => _reader;

    /// <summary>
    /// Takes away records older than <paramref name="before"/>, up to a checkpoint that stays as the anchor of the chain, and puts that on record first. Nothing
    /// from the first record of a request in <paramref name="unfinished"/> on is taken. Returns how many records went. Throws
    /// <see cref="AuditUnavailableException"/> when the store cannot be read or written.
    /// </summary>
    public async Task<long> PruneAsync(DateTimeOffset before, IReadOnlyCollection<string> unfinished, TimeProvider time, CancellationToken cancellationToken)
    {
        // What an earlier call, cut short by the end of its process, had put on record.
        await TakeAwayAsync(cancellationToken);
        if (_retention.FindAnchor(before, unfinished) is not { } next)
            return 0;
        await AppendDurableAsync(AuditRetention.Record(next, before, time.GetUtcNow()), cancellationToken);
        await _intake.Do(store => store.Anchor(next.To)).WaitAsync(cancellationToken);
        await TakeAwayAsync(cancellationToken);
        return next.To.Sequence - next.From.Sequence;
    }

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => _reader.Query(query);

    /// <summary>Walks the whole chain as it is committed now. Throws <see cref="AuditUnavailableException"/> when it cannot be read.</summary>
    public AuditVerification Verify() => _reader.Verify();

    /// <summary>Commits what was accepted, then closes. What the store cannot take stays in the spool for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_checkpoints is not null)
            await _checkpoints.DisposeAsync();
        _intake.Close();
        if (await _writer.Ended)
            _spool.Truncate();
        _store.Dispose();
        _spool.Dispose();
    }

    /// <summary>A part at a time, so that records of others do not wait for all of it.</summary>
    private async Task TakeAwayAsync(CancellationToken cancellationToken)
    {
        for (var more = true; more;)
            await _intake.Do(store => more = store.Prune(_options.PrunedAtOnce)).WaitAsync(cancellationToken);
    }

    /// <summary>One at a time: while the store cannot be written, they would pile up.</summary>
    private void CheckpointInTime()
    {
        if (!_checkpoint.IsCompleted)
            return;
        try
        {
            _checkpoint = _intake.Do(store => store.Checkpoint());
        }
        catch (AuditUnavailableException)
        {
            // Closed meanwhile, which makes a checkpoint too.
        }
    }

    private static int Recover(AuditSpool spool, AuditStore store, TimeProvider time)
    {
        var records = spool.ReadAfter(store.LastNumber);
        if (records.Count > 0)
        {
            var start = SpoolFrame.Create(new AuditRecord
            {
                Time = time.GetUtcNow(),
                Event = AuditEvents.Start,
                Detail = $"recovered {records.Count} records",
            });
            store.Commit([.. records, new QueuedRecord(records[^1].Number + 1, start, null)]);
        }
        spool.Truncate();
        return records.Count == 0 ? 0 : records.Count + 1;
    }
}
