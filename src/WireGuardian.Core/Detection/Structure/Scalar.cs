namespace WireGuardian.Core.Detection.Structure;

/// <summary>A value in a structured text.</summary>
/// <param name="Start">Its first byte, quotes not included.</param>
/// <param name="Length">Bytes of its spelling.</param>
/// <param name="Escaping">How it is spelled; <see cref="Escaping.None"/> where there are no escapes in it.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct Scalar(int Start, int Length, Escaping Escaping, ScalarKind Kind);

/// <summary>What a scalar is in its structure.</summary>
internal enum ScalarKind
{
    Text,

    /// <summary>The name of what follows.</summary>
    Key,

    /// <summary>A number without quotes, which has to stay one.</summary>
    Number,
}
