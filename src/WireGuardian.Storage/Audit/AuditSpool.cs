namespace WireGuardian.Storage.Audit;

/// <summary>
/// Two files that keep accepted records over the death of the process until the store has them. One takes new records while the writer commits
/// those of the other; then they change places, and what is in the committed one is written over. Not synced: the store is for power loss.
/// Not safe for several threads; the intake's lock guards it.
/// </summary>
internal sealed class AuditSpool : IDisposable
{
    // Steady traffic writes over the same few pages; what a long outage made larger is given back.
    private const long KeptBytes = 1024 * 1024;

    private readonly FileStream[] _files;
    private readonly long[] _ends = new long[2];
    private int _active;

    private AuditSpool(FileStream[] files) => _files = files;

    /// <summary>Opens the files; they are locked, so two processes cannot share a data directory.</summary>
    public static AuditSpool Open(string directory)
    {
        var files = new List<FileStream>();
        try
        {
            foreach (var name in new[] { "audit.spool.0", "audit.spool.1" })
                files.Add(DataDirectory.Open(Path.Combine(directory, name), FileShare.None));
            return new AuditSpool([.. files]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            files.ForEach(file => file.Dispose());
            throw new StorageException($"The audit spool in {directory} cannot be opened; is another process using it? {exception.Message}", exception);
        }
    }

    /// <summary>The records of both files that came after <paramref name="committed"/>, in order. A torn one at an end is no record.</summary>
    public List<QueuedRecord> ReadAfter(long committed)
    {
        var records = new List<QueuedRecord>();
        foreach (var file in _files)
        {
            var bytes = new byte[RandomAccess.GetLength(file.SafeFileHandle)];
            var length = RandomAccess.Read(file.SafeFileHandle, bytes, 0);
            var previous = 0L;
            // Older frames lie behind the newest where a file was written over: numbers that do not grow end it.
            for (var position = 0;
                SpoolFrame.TryRead(bytes.AsSpan(position, length - position), out var number, out var frameBytes) && number > previous;
                position += frameBytes)
            {
                previous = number;
                if (number > committed)
                    records.Add(new QueuedRecord(number, bytes[position..(position + frameBytes)], null));
            }
        }
        records.Sort((left, right) => left.Number.CompareTo(right.Number));
        return records;
    }

    /// <summary>Keeps a frame, in one write. After an exception it is not kept: the next one takes its place.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        RandomAccess.Write(_files[_active].SafeFileHandle, frame, _ends[_active]);
        _ends[_active] += frame.Length;
    }

    /// <summary>Throws when the file cannot be written now; an empty frame marks the end of what is in it.</summary>
    public void Probe() => RandomAccess.Write(_files[_active].SafeFileHandle, new byte[SpoolFrame.HeaderBytes], _ends[_active]);

    /// <summary>New records go to the other file from now on; the records of that one are in the store.</summary>
    public void Rotate() => _active = 1 - _active;

    /// <summary>All records but those of the active file are in the store.</summary>
    public void ReleaseInactive() => Release(1 - _active);

    /// <summary>All records are in the store.</summary>
    public void ReleaseAll()
    {
        Release(0);
        Release(1);
    }

    /// <summary>Empties the files; for when all their records are in the store, and before the first and after the last is written.</summary>
    public void Truncate()
    {
        foreach (var file in _files)
            file.SetLength(0);
        _ends.AsSpan().Clear();
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private void Release(int index)
    {
        var end = _ends[index];
        _ends[index] = 0;
        if (end > KeptBytes)
            _files[index].SetLength(0);
    }
}
