using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WireGuardian.Core.Detection.Scanning;

/// <summary>
/// Up to 64 bytes of a text, of which a question gives a bit per byte. Two halves that may overlap hold any length without a copy: where they do, both say the same.
/// No class may hold the byte 0, with which short texts are filled up.
/// </summary>
internal readonly ref struct Block
{
    /// <summary>Bytes of a whole block.</summary>
    public const int Size = 64;

    private const int Half = Size / 2;

    private readonly Vector256<byte> _first;
    private readonly Vector256<byte> _second;

    // How far the second half begins behind the first.
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
            _first = Vector256.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text)).AsByte();
            _second = Vector256.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text[_shift..])).AsByte();
        }
        else
        {
            _shift = text.Length - sizeof(uint);
            _first = Vector256.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text)).AsByte();
            _second = Vector256.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text[_shift..])).AsByte();
        }
    }

    /// <summary>Bytes that are <paramref name="unit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(byte unit)
    {
        var units = Vector256.Create(unit);
        return Join(Vector256.Equals(_first, units), Vector256.Equals(_second, units));
    }

    /// <summary>Bytes from <paramref name="lowest"/> to <paramref name="highest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong InRange(byte lowest, byte highest)
    {
        var offset = Vector256.Create(lowest);
        var width = (byte)(highest - lowest);
        return Join(AtMost(_first - offset, width), AtMost(_second - offset, width));
    }

    /// <summary>Letters of ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Letters()
    {
        var fold = Vector256.Create((byte)0x20);
        var offset = Vector256.Create((byte)'a');
        const byte width = 'z' - 'a';
        return Join(AtMost((_first | fold) - offset, width), AtMost((_second | fold) - offset, width));
    }

    // Bytes are compared without signs by what the smaller one is: sets of instructions before AVX-512 have no other way, and with it that is no slower. Nor are
    // vectors of 512 bits quicker here: what costs is what is done with the bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AtMost(Vector256<byte> bytes, byte highest) => Vector256.Equals(Vector256.Min(bytes, Vector256.Create(highest)), bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Join(Vector256<byte> first, Vector256<byte> second) =>
        first.ExtractMostSignificantBits() | (ulong)second.ExtractMostSignificantBits() << _shift;
}
