using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WireGuardian.Core.Detection.Scanning;

/// <summary>
/// Up to 64 bytes of a text, of which a question gives a bit per byte. Two vectors that may overlap hold any length without a copy: where they do, both say the same.
/// No class may hold the byte 0, with which short texts are filled up.
/// </summary>
internal readonly ref struct Block
{
    /// <summary>Bytes of a whole block.</summary>
    public const int Size = 64;

    private const int Half = Size / 2;

    private readonly Vector256<byte> _first;
    private readonly Vector256<byte> _second;
    private readonly int _shift;

    /// <param name="text">All of the text, or that which begins with the block; at least four bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Block(ReadOnlySpan<byte> text)
    {
        if (text.Length >= Half)
        {
            _shift = Math.Min(text.Length, Size) - Half;
            _first = Vector256.Create(text);
            _second = Vector256.Create(text[_shift..]);
        }
        else if (text.Length >= Vector128<byte>.Count)
        {
            _shift = text.Length - Vector128<byte>.Count;
            _first = Vector128.Create(text).ToVector256();
            _second = Vector128.Create(text[_shift..]).ToVector256();
        }
        else if (text.Length >= sizeof(ulong))
        {
            _shift = text.Length - sizeof(ulong);
            _first = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text)).AsByte().ToVector256();
            _second = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text[_shift..])).AsByte().ToVector256();
        }
        else
        {
            _shift = text.Length - sizeof(uint);
            _first = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text)).AsByte().ToVector256();
            _second = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text[_shift..])).AsByte().ToVector256();
        }
    }

    /// <summary>Bytes that are <paramref name="unit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(byte unit)
    {
        var units = Vector256.Create(unit);
        return Bits(Vector256.Equals(_first, units), Vector256.Equals(_second, units));
    }

    /// <summary>Bytes from <paramref name="lowest"/> to <paramref name="highest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong InRange(byte lowest, byte highest)
    {
        var offset = Vector256.Create(lowest);
        var width = Vector256.Create((byte)(highest - lowest));
        return Bits(Vector256.LessThanOrEqual(_first - offset, width), Vector256.LessThanOrEqual(_second - offset, width));
    }

    /// <summary>Letters of ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Letters()
    {
        var fold = Vector256.Create((byte)0x20);
        var offset = Vector256.Create((byte)'a');
        var width = Vector256.Create((byte)('z' - 'a'));
        return Bits(Vector256.LessThanOrEqual((_first | fold) - offset, width), Vector256.LessThanOrEqual((_second | fold) - offset, width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Bits(Vector256<byte> first, Vector256<byte> second) =>
        first.ExtractMostSignificantBits() | (ulong)second.ExtractMostSignificantBits() << _shift;
}
