namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>The type modifier of numeric: precision in the upper 16 bits, scale in the lowest 11, both after 4 is taken off.</summary>
internal static class NumericModifier
{
    private const int HeaderSize = 4;
    private const int MostDigits = 18;

    /// <summary>Ten to the power of the digits that stand before the point, of 18 at most.</summary>
    public static ulong Limit(int typeModifier)
    {
        var digits = MostDigits;
        if (typeModifier >= HeaderSize)
        {
            var packed = typeModifier - HeaderSize;
            var scale = ((packed & 0x7FF) ^ 0x400) - 0x400;
            digits = Math.Clamp((packed >> 16) - Math.Max(0, scale), 0, MostDigits);
        }
        var limit = 1UL;
        for (; digits > 0; digits--)
            limit *= 10;
        return limit;
    }
}
