using System.Buffers.Binary;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// A binary array: number of dimensions, whether it has NULLs, OID of the elements' type, length and lower bound of each dimension, then each element
/// after its length. Each element is masked; what is malformed becomes NULL.
/// </summary>
internal sealed class ArrayBinaryMask(IValueMask element) : IValueMask
{
    private const int HeaderLength = 12;
    private const int DimensionLength = 8;
    private const int MostDimensions = 6;
    private const int NullLength = -1;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var start = output.Length;
        if (TryMask(value, output))
            return MaskResult.Replaced;
        output.Truncate(start);
        return MaskResult.Null;
    }

    private bool TryMask(Span<byte> value, MaskOutput output)
    {
        if (!TryReadHeader(value, out var headerLength, out var count))
            return false;
        var start = output.Length;
        output.Write(value[..headerLength]);
        var rest = value[headerLength..];
        var hasNull = false;
        for (; count > 0; count--)
        {
            if (rest.Length < sizeof(int))
                return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[sizeof(int)..];
            if (length < NullLength || length > rest.Length)
                return false;
            if (length == NullLength || !MaskElement(rest[..length], output))
            {
                hasNull = true;
                BinaryPrimitives.WriteInt32BigEndian(output.Extend(sizeof(int)), NullLength);
            }
            rest = rest[Math.Max(0, length)..];
        }
        if (hasNull)
            BinaryPrimitives.WriteInt32BigEndian(output.Written[(start + sizeof(int))..], 1);
        return rest.IsEmpty;
    }

    /// <summary>The bytes of the header and how many elements follow; false for what is no array.</summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> value, out int length, out long count)
    {
        length = 0;
        count = 0;
        if (value.Length < HeaderLength)
            return false;
        var dimensions = BinaryPrimitives.ReadInt32BigEndian(value);
        if (dimensions is < 0 or > MostDimensions)
            return false;
        length = HeaderLength + dimensions * DimensionLength;
        if (value.Length < length)
            return false;
        count = dimensions == 0 ? 0 : 1;
        for (var at = HeaderLength; at < length; at += DimensionLength)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(value[at..]);
            // Each element takes four bytes at least, so more of them than bytes cannot be.
            if (size < 0 || (count *= size) > value.Length)
                return false;
        }
        return true;
    }

    /// <summary>Writes length and stand-in; writes nothing and says false where the element becomes NULL.</summary>
    private bool MaskElement(Span<byte> value, MaskOutput output)
    {
        var start = output.Length;
        output.Extend(sizeof(int));
        switch (element.Apply(value, output))
        {
            case MaskResult.InPlace:
                output.Write(value);
                break;
            case MaskResult.Replaced:
                break;
            default:
                output.Truncate(start);
                return false;
        }
        BinaryPrimitives.WriteInt32BigEndian(output.Written[start..], output.Length - start - sizeof(int));
        return true;
    }
}
