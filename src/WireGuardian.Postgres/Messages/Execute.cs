using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Execute (frontend, E): runs a portal.</summary>
public readonly ref struct Execute
{
    /// <summary>Name of the portal; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Portal { get; private init; }

    /// <summary>Rows after which the portal is suspended; zero or less means all of them.</summary>
    public int MaximumRows { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out Execute message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var portal) || !reader.TryReadInt32(out var maximumRows) || !reader.AtEnd)
            return false;
        message = new Execute { Portal = portal, MaximumRows = maximumRows };
        return true;
    }
}
