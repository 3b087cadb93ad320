using System.Buffers.Binary;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>The values in a message of a COPY in binary, which is a row; the first has the header before it, the last is the trailer.</summary>
internal static class BinaryCopyRow
{
    private const int HeaderSize = 19;
    private const int NullLength = -1;

    private static ReadOnlySpan<byte> Signature => "PGCOPY\n"u8;

    /// <summary>Goes to where the first value begins. False where there is none.</summary>
    public static bool TryBegin(ref Span<byte> row)
    {
        if (row.StartsWith(Signature))
        {
            if (row.Length < HeaderSize || BinaryPrimitives.ReadInt32BigEndian(row[(HeaderSize - sizeof(int))..]) is not (>= 0 and var extension) || extension > row.Length - HeaderSize)
                return false;
            row = row[(HeaderSize + extension)..];
        }
        if (row.Length < sizeof(short) || BinaryPrimitives.ReadInt16BigEndian(row) <= 0)
            return false;
        row = row[sizeof(short)..];
        return true;
    }

    /// <summary>The next value, empty for NULL; the rest where a length is none. False at the end of the row.</summary>
    public static bool TryNext(ref Span<byte> rest, out Span<byte> value)
    {
        value = default;
        if (rest.Length < sizeof(int))
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[sizeof(int)..];
        if (length is NullLength)
            return true;
        length = length < 0 ? rest.Length : Math.Min(length, rest.Length);
        value = rest[..length];
        rest = rest[length..];
        return true;
    }
}
