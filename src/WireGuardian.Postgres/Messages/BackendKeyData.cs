using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>BackendKeyData (backend, K): what a CancelRequest for this session must name.</summary>
public readonly ref struct BackendKeyData
{
    /// <summary>Bytes of a key in protocol 3.0, and the fewest in 3.2.</summary>
    public const int MinimumKeyLength = 4;

    /// <summary>The most bytes of a key in protocol 3.2.</summary>
    public const int MaximumKeyLength = 256;

    public int ProcessId { get; private init; }

    public ReadOnlySpan<byte> SecretKey { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out BackendKeyData message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out var processId) || reader.Rest.Length is < MinimumKeyLength or > MaximumKeyLength)
            return false;
        message = new BackendKeyData { ProcessId = processId, SecretKey = reader.Rest };
        return true;
    }
}
