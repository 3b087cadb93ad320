using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>CopyInResponse (backend, G). CopyOutResponse (H) and CopyBothResponse (W) have the same layout.</summary>
public readonly ref struct CopyInResponse
{
    /// <summary>0 text (csv too), 1 binary.</summary>
    public byte Format { get; private init; }

    /// <summary>The format of each column.</summary>
    public FormatCodes ColumnFormats { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out CopyInResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadByte(out var format) || !FormatCodes.TryRead(ref reader, out var columns) || !reader.AtEnd)
            return false;
        message = new CopyInResponse { Format = format, ColumnFormats = columns };
        return true;
    }
}
