namespace WireGuardian.Core.Masking.Documents;

/// <summary>What one step of a path leads to.</summary>
public enum JsonStepKind
{
    /// <summary>The value of a key of an object.</summary>
    Key,

    /// <summary>An element of an array, counted from 0.</summary>
    Index,

    /// <summary>Any value of an object or element of an array.</summary>
    Any,

    /// <summary>Any number of steps, none included.</summary>
    AnyDepth,

    /// <summary>A statement's own: a text that a server takes for a key or for the number of an element, whichever the document has.</summary>
    KeyOrIndex,
}

/// <summary>One step of a path into a document.</summary>
/// <param name="Kind">What it leads to.</param>
/// <param name="Key">The key, without escapes; empty where there is none.</param>
/// <param name="Index">The number of the element.</param>
public readonly record struct JsonStep(JsonStepKind Kind, string Key, int Index)
{
    public static JsonStep Any { get; } = new(JsonStepKind.Any, "", 0);

    public static JsonStep AnyDepth { get; } = new(JsonStepKind.AnyDepth, "", 0);

    /// <summary>True where it is sure which values the step leads to.</summary>
    public bool IsExact => Kind is JsonStepKind.Key or JsonStepKind.Index;

    public static JsonStep Of(string key) => new(JsonStepKind.Key, key, 0);

    public static JsonStep At(int index) => new(JsonStepKind.Index, "", index);

    /// <summary>The step of a text that may be the number of an element too. One without a digit is a key.</summary>
    public static JsonStep OfText(string text) => text.AsSpan().ContainsAnyInRange('0', '9') ? new(JsonStepKind.KeyOrIndex, text, 0) : Of(text);
}
