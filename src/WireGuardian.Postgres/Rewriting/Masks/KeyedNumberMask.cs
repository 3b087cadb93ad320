using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary><c>hash</c> and <c>token</c> of a number: another one that its type can hold, not negative and without a fraction.</summary>
/// <param name="key">The key of the digest.</param>
/// <param name="shape">The type.</param>
/// <param name="binary">The format.</param>
/// <param name="limit">The stand-in is below this.</param>
internal sealed class KeyedNumberMask(MaskKey key, PostgresTypeShape shape, bool binary, ulong limit) : IValueMask
{
    private const int OnStack = 256;
    private const int LongestText = 20;

    /// <summary>The highest stand-in that keeps within a type, and one more.</summary>
    public static ulong Limit(PostgresTypeShape shape, int typeModifier) => shape switch
    {
        PostgresTypeShape.Int2 => 1UL << 15,
        PostgresTypeShape.Int4 or PostgresTypeShape.Oid => 1UL << 31,
        PostgresTypeShape.Int8 => 1UL << 63,
        // Every integer below is exact in the float.
        PostgresTypeShape.Float4 => 1UL << 24,
        PostgresTypeShape.Float8 => 1UL << 53,
        _ => NumericModifier.Limit(typeModifier),
    };

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (!TryDerive(value, out var number))
            return MaskResult.Null;
        Span<byte> standIn = stackalloc byte[LongestText];
        return StandIn.Put(value, standIn[..Write(number, standIn)], output);
    }

    /// <summary>The number that stands for a value; false when it is malformed.</summary>
    public bool TryDerive(ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        var textBound = NumberText.Bound(value.Length);
        var bound = 2 * textBound + CanonicalDecimal.Slack;
        var rented = bound <= OnStack ? null : ArrayPool<byte>.Shared.Rent(bound);
        var scratch = rented ?? stackalloc byte[OnStack];
        var valid = NumberText.TryWrite(shape, binary, value, scratch, out var textLength);
        if (valid)
        {
            var canonical = scratch[textBound..];
            Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
            key.Digest(canonical[..NumberText.Canonicalise(scratch[..textLength], canonical)], digest);
            number = KeyedStandIn.Number(digest, limit);
        }
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return valid;
    }

    private int Write(long number, Span<byte> destination)
    {
        if (!binary)
        {
            Utf8Formatter.TryFormat(number, destination, out var written);
            return written;
        }
        switch (shape)
        {
            case PostgresTypeShape.Int2:
                BinaryPrimitives.WriteInt16BigEndian(destination, (short)number);
                return 2;
            case PostgresTypeShape.Int4 or PostgresTypeShape.Oid:
                BinaryPrimitives.WriteInt32BigEndian(destination, (int)number);
                return 4;
            case PostgresTypeShape.Int8:
                BinaryPrimitives.WriteInt64BigEndian(destination, number);
                return 8;
            case PostgresTypeShape.Float4:
                BinaryPrimitives.WriteSingleBigEndian(destination, number);
                return 4;
            case PostgresTypeShape.Float8:
                BinaryPrimitives.WriteDoubleBigEndian(destination, number);
                return 8;
            default:
                return BinaryNumeric.WriteInteger(number, destination);
        }
    }
}
