namespace WireGuardian.Core.Masking.Documents;

/// <summary>What a piece of a document is of.</summary>
public enum JsonPieceKind
{
    /// <summary>A string: what stands between its quotes.</summary>
    Text,

    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>An object or array that becomes null: its opening bracket.</summary>
    Opening,

    /// <summary>Its end; the piece is empty and stands behind the closing bracket.</summary>
    Closing,
}

/// <summary>A piece of a document that is at a place, or in what is there. A value that comes in pieces has one for each.</summary>
/// <param name="Kind">What it is of.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Bytes, quotes not included.</param>
/// <param name="Place">The place that decides.</param>
/// <param name="IsWithin">The value is not at the place itself, but in an object or array that is.</param>
/// <param name="Position">Bytes of the value before the piece.</param>
/// <param name="IsEscaped">There are escapes in what has come of the text.</param>
public readonly record struct JsonPiece(JsonPieceKind Kind, int Start, int Length, int Place, bool IsWithin, long Position, bool IsEscaped)
{
    /// <summary>The byte behind the last.</summary>
    public int End => Start + Length;
}
