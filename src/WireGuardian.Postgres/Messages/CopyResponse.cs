using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>CopyOutResponse (backend, H), CopyInResponse (G) and CopyBothResponse (W): what kind of data follow.</summary>
public readonly ref struct CopyResponse
{
    /// <summary>The data are in the binary format; otherwise in text or csv.</summary>
    public bool IsBinary { get; private init; }

    public int ColumnCount { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out CopyResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadByte(out var format)
            || format > 1
            || !reader.TryReadUInt16(out var count)
            || reader.Rest.Length != count * sizeof(short))
            return false;
        while (reader.TryReadInt16(out var column))
        {
            // Every column has the format of the whole.
            if (column != format)
                return false;
        }
        message = new CopyResponse { IsBinary = format == 1, ColumnCount = count };
        return true;
    }
}
