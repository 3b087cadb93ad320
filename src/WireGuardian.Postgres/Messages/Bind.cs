using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Bind (frontend, B): makes a portal of a prepared statement. Only the names are read; the values may be large and need not be here.</summary>
public readonly ref struct Bind
{
    /// <summary>Name of the portal; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Portal { get; private init; }

    /// <summary>Name of the prepared statement; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Statement { get; private init; }

    /// <summary>What follows the names: parameter formats, values, result formats.</summary>
    public ReadOnlySpan<byte> Arguments { get; private init; }

    /// <summary>Reads both names. <paramref name="body"/> may be cut anywhere after them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out Bind message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var portal) || !reader.TryReadString(out var statement))
            return false;
        message = new Bind { Portal = portal, Statement = statement, Arguments = reader.Rest };
        return true;
    }

    /// <summary>
    /// Walks over the values to the formats of the result columns: none (all text), one for all, or one each. <see cref="Arguments"/> must be whole.
    /// </summary>
    public bool TryReadResultFormats(out FormatCodes formats)
    {
        formats = default;
        var reader = new BodyReader(Arguments);
        if (!FormatCodes.TryRead(ref reader, out _) || !reader.TryReadUInt16(out var values))
            return false;
        for (var i = 0; i < values; i++)
        {
            if (!reader.TryReadInt32(out var length) || (length != -1 && !reader.TrySkip(length)))
                return false;
        }
        return FormatCodes.TryRead(ref reader, out formats) && reader.AtEnd;
    }
}
