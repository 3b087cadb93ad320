namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// money as text, spelled by lc_monetary: the currency stays, the amount becomes 0 with as many digits after the point as the value has. The sign,
/// which is a minus or brackets, goes.
/// </summary>
internal sealed class MoneyTextMask : IValueMask
{
    public static readonly MoneyTextMask Instance = new();

    // More than two are a group of thousands.
    private const int MostFractionDigits = 2;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var first = value.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (first < 0)
            return MaskResult.Null;
        var last = value.LastIndexOfAnyInRange((byte)'0', (byte)'9');
        var start = output.Length;
        WriteCurrency(value[..first], output);
        output.WriteByte((byte)'0');
        var amount = value[first..(last + 1)];
        var point = amount.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (point > 0 && amount.Length - point - 1 is > 0 and <= MostFractionDigits and var digits)
        {
            output.WriteByte(amount[point]);
            output.Extend(digits).Fill((byte)'0');
        }
        WriteCurrency(value[(last + 1)..], output);
        return output.Length > start ? MaskResult.Replaced : MaskResult.Null;
    }

    private static void WriteCurrency(ReadOnlySpan<byte> text, MaskOutput output)
    {
        foreach (var unit in text)
        {
            if (unit is not ((byte)'-' or (byte)'(' or (byte)')'))
                output.WriteByte(unit);
        }
    }
}
