using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Describe (frontend, D): asks what a prepared statement or a portal takes and gives. Close (C), which frees one, has the same layout.</summary>
public readonly ref struct Describe
{
    /// <summary>A portal (<c>P</c> on the wire), not a prepared statement (<c>S</c>); nothing else parses.</summary>
    public bool IsPortal { get; private init; }

    /// <summary>Its name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out Describe message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadByte(out var kind)
            || kind is not ((byte)'S' or (byte)'P')
            || !reader.TryReadString(out var name)
            || !reader.AtEnd)
            return false;
        message = new Describe { IsPortal = kind == (byte)'P', Name = name };
        return true;
    }
}
