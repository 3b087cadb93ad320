namespace WireGuardian.Core.Masking.Documents;

/// <summary>How a document stands in a value, and what a value is that holds none.</summary>
public enum DocumentForm
{
    /// <summary>JSON by its type: what is none becomes NULL.</summary>
    Json,

    /// <summary>The same behind a byte for the version: jsonb in binary.</summary>
    VersionedJson,

    /// <summary>Text that is to hold JSON: what is none becomes stars as a whole.</summary>
    Text,

    /// <summary>What a server takes out of a document as text: an object or array is JSON, and of a scalar, which no place is in, every byte is its own.</summary>
    ExtractedText,
}
