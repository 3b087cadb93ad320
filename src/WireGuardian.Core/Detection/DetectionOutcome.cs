namespace WireGuardian.Core.Detection;

/// <summary>What became of a value.</summary>
public enum DetectionOutcome
{
    /// <summary>It goes out as it came: nothing was found, or it was only observed.</summary>
    Unchanged,

    /// <summary>What was found in it was overwritten where it stood; the length is the same, and the structure valid.</summary>
    SpansMasked,

    /// <summary>Something was found, and the rule wants the whole value masked: the caller does that as it masks by <c>redact</c>.</summary>
    MaskWhole,
}
