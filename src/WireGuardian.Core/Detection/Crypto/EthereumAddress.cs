using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Detection.Crypto;

/// <summary>Ethereum's addresses: 40 hex digits behind <c>0x</c>, whose capitals are a checksum (EIP-55) where there are letters of both kinds.</summary>
internal static class EthereumAddress
{
    private const int Digits = 40;

    /// <summary>0 for what is no address.</summary>
    public static int Score(ReadOnlySpan<byte> text)
    {
        if (text.Length != Digits + 2)
            return 0;
        var digits = text[2..];
        var (upper, lower) = (false, false);
        Span<byte> folded = stackalloc byte[Digits];
        for (var i = 0; i < Digits; i++)
        {
            if (Hex.Digit(digits[i]) < 0)
                return 0;
            upper |= digits[i] is >= (byte)'A' and <= (byte)'F';
            lower |= digits[i] >= 'a';
            folded[i] = (byte)(digits[i] | 0x20);
        }
        if (!upper || !lower)
            return 70;
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.Hash(folded, hash);
        for (var i = 0; i < Digits; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (digits[i] >= 'A' && nibble >= 8 != digits[i] < 'a')
                return 0;
        }
        return 98;
    }
}
