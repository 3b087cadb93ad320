namespace WireGuardian.Core.Policies;

/// <summary>How much of a value is masked in which something was found.</summary>
public enum DetectionMaskKind
{
    /// <summary>What was found: a star for each of its bytes.</summary>
    Span,

    /// <summary>The whole value, as by <c>redact</c>.</summary>
    Value,
}
