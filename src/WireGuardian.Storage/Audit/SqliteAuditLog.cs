using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// The trail in <c>audit.db</c> of the data directory, with two spool files beside it. <see cref="Append"/> is one write to the spool, and the
/// store has the record within <see cref="SqliteAuditOptions.CommitDelay"/> and a commit; <see cref="AppendDurableAsync"/> waits for that commit.
/// While the store cannot be written both throw, and it is tried again until it can; nothing accepted is lost or written twice.
/// </summary>
public sealed class SqliteAuditLog : IAuditLog, IAsyncDisposable
{
    private readonly AuditSpool _spool;
    private readonly AuditStore _store;
    private readonly AuditIntake _intake;
    private readonly AuditWriter _writer;
    private readonly AuditReader _reader;

    private SqliteAuditLog(string path, AuditSpool spool, AuditStore store, SqliteAuditOptions options, AuditMetrics metrics)
    {
        _spool = spool;
        _store = store;
        _intake = new AuditIntake(spool, store.LastNumber, options, metrics);
        _writer = new AuditWriter(store, _intake, options);
        _reader = new AuditReader(path, options.LockTimeout);
    }

    /// <summary>
    /// Opens the log, or makes one. Records that only the spool has are put into the chain first, and a <c>start</c> record says how many. Throws
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
            store = new AuditStore(path, options.LockTimeout);
            metrics.Committed(Recover(spool, store, time));
            return new SqliteAuditLog(path, spool, store, options, metrics);
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

    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => _reader.Query(query);

    /// <summary>Walks the whole chain as it is committed now. Throws <see cref="AuditUnavailableException"/> when it cannot be read.</summary>
    public AuditVerification Verify() => _reader.Verify();

    /// <summary>Commits what was accepted, then closes. What the store cannot take stays in the spool for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _intake.Close();
        if (await _writer.Ended)
            _spool.Truncate();
        _store.Dispose();
        _spool.Dispose();
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
