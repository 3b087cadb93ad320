using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>SASLInitialResponse (frontend, p): the mechanism that the client chose and its first message.</summary>
public readonly ref struct SaslInitialResponse
{
    public ReadOnlySpan<byte> Mechanism { get; private init; }

    /// <summary>The mechanism's first message; empty where the client sent none.</summary>
    public ReadOnlySpan<byte> Response { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out SaslInitialResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var mechanism) || !reader.TryReadInt32(out var length))
            return false;
        ReadOnlySpan<byte> response = default;
        if ((length != -1 && !reader.TryReadBytes(length, out response)) || !reader.AtEnd)
            return false;
        message = new SaslInitialResponse { Mechanism = mechanism, Response = response };
        return true;
    }
}
