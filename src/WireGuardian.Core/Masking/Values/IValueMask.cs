namespace WireGuardian.Core.Masking.Values;

/// <summary>One way of masking values of one type in one format. Total: any bytes give a result, none throws. For one session at a time.</summary>
public interface IValueMask
{
    /// <summary>Masks <paramref name="value"/> where it stands, or appends what stands for it to <paramref name="output"/>, or says NULL.</summary>
    MaskResult Apply(Span<byte> value, MaskOutput output);
}
