namespace WireGuardian.Core.Masking.Values;

/// <summary>Hex digits as bytes of text.</summary>
public static class Hex
{
    /// <summary>0 to 15, or -1.</summary>
    public static int Digit(byte unit) => unit switch
    {
        >= (byte)'0' and <= (byte)'9' => unit - '0',
        >= (byte)'a' and <= (byte)'f' => unit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => unit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Reads pairs of digits, skipping <paramref name="separator"/>; false unless they fill <paramref name="bytes"/> exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, byte separator, Span<byte> bytes)
    {
        var count = 0;
        foreach (var unit in text)
        {
            if (unit == separator)
                continue;
            var digit = Digit(unit);
            if (digit < 0 || count / 2 >= bytes.Length)
                return false;
            bytes[count / 2] = (byte)(count % 2 == 0 ? digit << 4 : bytes[count / 2] | digit);
            count++;
        }
        return count == bytes.Length * 2;
    }

    /// <summary>Writes over the digits of <paramref name="text"/> and leaves its separators.</summary>
    public static void WriteOver(Span<byte> text, byte separator, ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (ref var unit in text)
        {
            if (unit == separator)
                continue;
            var value = bytes[count / 2];
            unit = "0123456789abcdef"u8[count % 2 == 0 ? value >> 4 : value & 15];
            count++;
        }
    }
}
