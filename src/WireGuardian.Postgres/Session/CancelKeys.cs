using System.Collections.Concurrent;
using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Session;

/// <summary>The sessions of a listener by the key that cancels them, so that a cancel request reaches a statement that is held here.</summary>
public sealed class CancelKeys
{
    private readonly ConcurrentDictionary<byte[], PostgresSession> _sessions = new(ByteNameComparer.Instance);

    /// <summary>The session answers to this key from now on.</summary>
    /// <returns>What <see cref="Remove"/> takes.</returns>
    public byte[] Add(int processId, ReadOnlySpan<byte> key, PostgresSession session)
    {
        byte[] whole = [.. BitConverter.GetBytes(processId), .. key];
        _sessions[whole] = session;
        return whole;
    }

    public void Remove(byte[] key, PostgresSession session) => _sessions.TryRemove(new(key, session));

    public PostgresSession? Find(int processId, ReadOnlySpan<byte> key) =>
        _sessions.TryGetValue([.. BitConverter.GetBytes(processId), .. key], out var session) ? session : null;
}
