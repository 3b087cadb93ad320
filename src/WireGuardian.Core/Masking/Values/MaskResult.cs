namespace WireGuardian.Core.Masking.Values;

/// <summary>What a mask did with a value.</summary>
public enum MaskResult
{
    /// <summary>The value was overwritten where it stood; its length is the same.</summary>
    InPlace,

    /// <summary>The stand-in is in the output; the value's own bytes are not to be sent.</summary>
    Replaced,

    /// <summary>The value becomes NULL.</summary>
    Null,
}
