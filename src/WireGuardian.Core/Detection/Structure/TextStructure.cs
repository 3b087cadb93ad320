namespace WireGuardian.Core.Detection.Structure;

/// <summary>What holds the values of a text together. It stays valid when they are masked.</summary>
public enum TextStructure
{
    /// <summary>None, or one whose delimiters no finding spans: csv, logs, key=value. Text that begins and ends like JSON is looked at as such too.</summary>
    Plain,

    /// <summary>json and jsonb as text.</summary>
    Json,

    /// <summary>An array literal of PostgreSQL.</summary>
    Array,

    /// <summary>hstore of PostgreSQL as text.</summary>
    Hstore,

    /// <summary>XML: what its references spell is read.</summary>
    Xml,
}
