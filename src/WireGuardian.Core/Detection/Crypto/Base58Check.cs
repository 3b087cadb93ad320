using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WireGuardian.Core.Detection.Crypto;

/// <summary>Bitcoin's addresses of the first kinds: 25 bytes in base 58, of which the last four are the beginning of a double SHA-256 of the others.</summary>
internal static class Base58Check
{
    private const int Length = 25;
    private const int ChecksumLength = 4;
    private const int Words = 7;

    private static ReadOnlySpan<byte> Alphabet => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    private static readonly sbyte[] Digits = Inverse();

    public static bool IsAddress(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 26 or > 35)
            return false;
        // 25 bytes as seven words of 32 bits, the most significant first.
        Span<uint> words = stackalloc uint[Words];
        words.Clear();
        foreach (var unit in text)
        {
            if (Digits[unit] < 0)
                return false;
            var carry = (ulong)Digits[unit];
            for (var i = Words - 1; i >= 0; i--)
            {
                carry += 58ul * words[i];
                words[i] = (uint)carry;
                carry >>= 32;
            }
            if (carry != 0)
                return false;
        }
        if (words[0] > byte.MaxValue)
            return false;
        Span<byte> bytes = stackalloc byte[Words * sizeof(uint)];
        for (var i = 0; i < Words; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(i * sizeof(uint))..], words[i]);
        bytes = bytes[^Length..];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..^ChecksumLength], hash);
        SHA256.HashData(hash, hash);
        return bytes[^ChecksumLength..].SequenceEqual(hash[..ChecksumLength]);
    }

    private static sbyte[] Inverse()
    {
        var digits = new sbyte[256];
        Array.Fill(digits, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++)
            digits[Alphabet[i]] = (sbyte)i;
        return digits;
    }
}
