namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>Intervals as text: zero in the spelling of the session's IntervalStyle, which the value shows.</summary>
internal sealed class IntervalTextMask : IValueMask
{
    public static readonly IntervalTextMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output) => StandIn.Put(
        value,
        value.StartsWith("P"u8) ? "PT0S"u8 : value.StartsWith("@"u8) ? "@ 0"u8 : "00:00:00"u8,
        output);
}
