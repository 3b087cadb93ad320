namespace WireGuardian.Core.Masking;

/// <summary>What a mask leaves of a value. NULL stays NULL, and the result is always valid for the value's type.</summary>
public enum MaskKind
{
    /// <summary>Every byte <c>*</c>, length kept; zero, the epoch, the first label for other types.</summary>
    Redact,

    /// <summary>The last four characters of nine or more; the year of a date.</summary>
    Partial,

    /// <summary>First character, <c>***@</c>, top-level domain.</summary>
    Email,

    /// <summary>NULL.</summary>
    Null,

    /// <summary>Keyed HMAC-SHA-256 in hex.</summary>
    Hash,

    /// <summary>Keyed HMAC-SHA-256 as a readable token.</summary>
    Token,
}
