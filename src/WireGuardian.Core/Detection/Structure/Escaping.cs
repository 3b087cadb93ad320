namespace WireGuardian.Core.Detection.Structure;

/// <summary>How characters are spelled that a structure keeps for itself.</summary>
internal enum Escaping
{
    None,

    /// <summary>JSON: <c>\n</c>, <c>\/</c>, <c>\u0040</c>.</summary>
    Json,

    /// <summary>A backslash before the character.</summary>
    Backslash,

    /// <summary>XML: <c>&amp;#64;</c>, <c>&amp;amp;</c>.</summary>
    References,
}
