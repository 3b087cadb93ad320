namespace WireGuardian.Core.Detection.Crypto;

/// <summary>Bitcoin's addresses of segregated witness: bech32 (BIP 173) and bech32m (BIP 350), of the main network and the test network.</summary>
internal static class Bech32
{
    private const int HumanReadable = 2;
    private const int ChecksumLength = 6;
    private const uint Bech32Constant = 1;
    private const uint Bech32mConstant = 0x2BC8_30A3;

    private static ReadOnlySpan<byte> Alphabet => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"u8;

    private static ReadOnlySpan<uint> Generator => [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];

    public static bool IsAddress(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 14 or > 90)
            return false;
        // All in small letters or all in capitals.
        Span<byte> lower = stackalloc byte[text.Length];
        System.Text.Ascii.ToLower(text, lower, out _);
        if (text.ContainsAnyInRange((byte)'A', (byte)'Z') && text.ContainsAnyInRange((byte)'a', (byte)'z'))
            return false;
        if (!lower.StartsWith("bc1"u8) && !lower.StartsWith("tb1"u8))
            return false;
        var check = 1u;
        foreach (var unit in lower[..HumanReadable])
            check = Step(check) ^ (uint)(unit >> 5);
        check = Step(check);
        foreach (var unit in lower[..HumanReadable])
            check = Step(check) ^ (uint)(unit & 31);
        var data = lower[(HumanReadable + 1)..];
        var version = Alphabet.IndexOf(data[0]);
        foreach (var unit in data)
        {
            var value = Alphabet.IndexOf(unit);
            if (value < 0)
                return false;
            check = Step(check) ^ (uint)value;
        }
        return data.Length > ChecksumLength && check == (version == 0 ? Bech32Constant : Bech32mConstant);
    }

    private static uint Step(uint check)
    {
        var top = check >> 25;
        check = (check & 0x1FF_FFFF) << 5;
        for (var i = 0; i < Generator.Length; i++)
            check ^= (top >> i & 1) == 0 ? 0 : Generator[i];
        return check;
    }
}
