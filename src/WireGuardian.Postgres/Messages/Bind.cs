using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Bind (frontend, B): makes a portal of a prepared statement. Only the names are read; the values may be large and need not be here.</summary>
public readonly ref struct Bind
{
    /// <summary>Name of the portal; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Portal { get; private init; }

    /// <summary>Name of the prepared statement; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Statement { get; private init; }

    /// <summary>Bytes that both names take, with what ends them.</summary>
    public int NamesLength => Portal.Length + Statement.Length + 2;

    /// <summary>Reads both names. <paramref name="body"/> may be cut anywhere after them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out Bind message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var portal) || !reader.TryReadString(out var statement))
            return false;
        message = new Bind { Portal = portal, Statement = statement };
        return true;
    }
}
