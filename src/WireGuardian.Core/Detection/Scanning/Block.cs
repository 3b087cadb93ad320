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
    private readonly Vector512<byte> _both;

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
            _first = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text)).AsByte().ToVector256();
            _second = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(text[_shift..])).AsByte().ToVector256();
        }
        else
        {
            _shift = text.Length - sizeof(uint);
            _first = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text)).AsByte().ToVector256();
            _second = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(text[_shift..])).AsByte().ToVector256();
        }
        if (Vector512.IsHardwareAccelerated)
            _both = Vector512.Create(_first, _second);
    }

    /// <summary>Bytes that are <paramref name="unit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(byte unit)
    {
        if (Vector512.IsHardwareAccelerated)
            return Join(Vector512.Equals(_both, Vector512.Create(unit)).ExtractMostSignificantBits());
        var units = Vector256.Create(unit);
        return Join(Vector256.Equals(_first, units), Vector256.Equals(_second, units));
    }

    /// <summary>Bytes from <paramref name="lowest"/> to <paramref name="highest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong InRange(byte lowest, byte highest)
    {
        if (Vector512.IsHardwareAccelerated)
            return Join(Vector512.LessThanOrEqual(_both - Vector512.Create(lowest), Vector512.Create((byte)(highest - lowest))).ExtractMostSignificantBits());
        return Join(AtMost(_first - Vector256.Create(lowest), (byte)(highest - lowest)), AtMost(_second - Vector256.Create(lowest), (byte)(highest - lowest)));
    }

    /// <summary>Letters of ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Letters()
    {
        const byte fold = 0x20;
        const byte width = 'z' - 'a';
        if (Vector512.IsHardwareAccelerated)
        {
            var folded = (_both | Vector512.Create(fold)) - Vector512.Create((byte)'a');
            return Join(Vector512.LessThanOrEqual(folded, Vector512.Create(width)).ExtractMostSignificantBits());
        }
        var first = (_first | Vector256.Create(fold)) - Vector256.Create((byte)'a');
        var second = (_second | Vector256.Create(fold)) - Vector256.Create((byte)'a');
        return Join(AtMost(first, width), AtMost(second, width));
    }

    // Bytes are compared without signs by what the smaller one is: sets of instructions before AVX-512 have no other way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AtMost(Vector256<byte> bytes, byte highest) => Vector256.Equals(Vector256.Min(bytes, Vector256.Create(highest)), bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Join(Vector256<byte> first, Vector256<byte> second) =>
        first.ExtractMostSignificantBits() | (ulong)second.ExtractMostSignificantBits() << _shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Join(ulong bits) => (uint)bits | bits >> Half << _shift;
}
