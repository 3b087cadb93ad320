namespace WireGuardian.MySql.Rewriting;

/// <summary>For <c>partial</c> of a YEAR: the year is what it leaves.</summary>
internal sealed class UnchangedMask : IValueMask
{
    public static readonly UnchangedMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output) => MaskResult.InPlace;
}
