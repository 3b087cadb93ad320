using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Proxy.Session;

/// <summary>
/// What of a session's past decides what a text means in it: what it began with, and every text since that may have changed settings, in their order. Two sessions
/// of equal history read and resolve a text alike. What cannot be told of a text (its bind values, what it runs by a name) makes the history like no other session's.
/// Guarded by the relay's lock.
/// </summary>
public sealed class SessionHistory
{
    private readonly byte[] _beginning;
    private byte[] _digest;
    private long _length;

    /// <param name="beginning">What the session was given at its login that its texts depend on.</param>
    public SessionHistory(string beginning) => _digest = _beginning = SHA256.HashData(Encoding.UTF8.GetBytes(beginning));

    /// <summary>SHA-256 over all of it.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>Grows with every change.</summary>
    public long Length => _length;

    /// <summary>A text that may change settings is sent.</summary>
    public void Ran(ReadOnlySpan<byte> text)
    {
        _digest = SHA256.HashData([.. _digest, .. SHA256.HashData(text)]);
        _length++;
    }

    /// <summary>Something that may change settings is sent, and what exactly cannot be told.</summary>
    public void RanUnknown() => Ran(RandomNumberGenerator.GetBytes(16));

    /// <summary>The server said that nothing of it is left.</summary>
    public void Reset()
    {
        _digest = _beginning;
        _length++;
    }
}
