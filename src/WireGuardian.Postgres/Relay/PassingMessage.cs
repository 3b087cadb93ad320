using System.Security.Cryptography;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>The rest of a message of which the front was looked at: it is sent on, or dropped, as it comes.</summary>
public sealed class PassingMessage
{
    private long _remaining;
    private bool _dropping;
    private IncrementalHash? _digest;
    private Portal? _portal;

    public bool IsActive => _remaining > 0;

    /// <summary>So many bytes are still to come.</summary>
    public void Begin(long remaining, bool drop) => (_remaining, _dropping) = (remaining, drop);

    /// <summary>The message is a Bind whose digest the portal keeps; its first bytes, behind its names, are <paramref name="front"/>.</summary>
    public void Digest(ReadOnlySpan<byte> front, Portal portal)
    {
        _portal = portal;
        _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _digest.AppendData(front);
    }

    /// <summary>Takes what there is of it.</summary>
    /// <returns>Bytes taken.</returns>
    public int Take(ReadOnlySpan<byte> input, int at, RelayOutput output)
    {
        var count = (int)Math.Min(_remaining, input.Length);
        if (!_dropping)
            output.Forward(at, count);
        _digest?.AppendData(input[..count]);
        _remaining -= count;
        if (_remaining == 0 && _digest is not null)
        {
            _portal!.BindDigest = _digest.GetHashAndReset();
            _digest.Dispose();
            (_digest, _portal) = (null, null);
        }
        return count;
    }
}
