using WireGuardian.Core.Masking.Documents;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>Whether a value is a part of a column's documents as it stands there.</summary>
internal enum DocumentPart
{
    None,

    /// <summary>As json or jsonb.</summary>
    Document,

    /// <summary>As text.</summary>
    Text,
}

/// <summary>
/// Where a value comes from: <c>Known</c>, a set of base columns (none for a constant), or <c>Unknown</c>. A known one is <em>plain</em> when every value
/// is the value of one of its columns as it stands, or of no column at all; otherwise it is <em>derived</em>.
/// </summary>
internal sealed class ColumnLineage
{
    private static readonly HashSet<ColumnKey> NoColumns = [];

    private readonly HashSet<ColumnKey> _columns;

    private ColumnLineage(HashSet<ColumnKey> columns, bool isPlain, string? whyUnknown)
    {
        _columns = columns;
        IsPlain = isPlain;
        WhyUnknown = whyUnknown;
    }

    /// <summary>Of a constant, a parameter, the clock: no column.</summary>
    public static ColumnLineage Nothing { get; } = new(NoColumns, isPlain: true, whyUnknown: null);

    public bool IsKnown => WhyUnknown is null;

    /// <summary>True when the value is a column's own, unchanged but for a cast that keeps its text. Never true of what is unknown.</summary>
    public bool IsPlain { get; }

    /// <summary>The base columns: relation OID and attribute number, those of tables, materialised views and foreign tables. Empty where unknown.</summary>
    public IReadOnlySet<ColumnKey> Columns => _columns;

    /// <summary>Why nothing is known, for an operator to read; null where it is known. Holds names of node types and OIDs, no value.</summary>
    public string? WhyUnknown { get; }

    /// <summary>What is not <see cref="DocumentPart.None"/> has one column, with a path; it is derived, but computed from nothing else.</summary>
    public DocumentPart Part { get; private init; }

    /// <summary>The part that a step leads to from here: from a column of documents, or from a part of one.</summary>
    public ColumnLineage Taken(IEnumerable<JsonStep> steps, bool isText)
    {
        var column = _columns.Single();
        return new([column with { Path = new([.. column.Path?.Steps ?? [], .. steps]) }], isPlain: false, whyUnknown: null) { Part = isText ? DocumentPart.Text : DocumentPart.Document };
    }

    public static ColumnLineage Plain(ColumnKey column) => new([column], isPlain: true, whyUnknown: null);

    public static ColumnLineage Derived(IEnumerable<ColumnKey> columns) => new([.. columns], isPlain: false, whyUnknown: null);

    public static ColumnLineage Unknown(string why) => new(NoColumns, isPlain: false, why);

    /// <summary>The same columns, but computed from. A constant stays what it is.</summary>
    public ColumnLineage AsDerived() => (IsPlain && _columns.Count > 0) || Part != DocumentPart.None ? new ColumnLineage(_columns, isPlain: false, whyUnknown: null) : this;

    /// <summary>Of a value that is either this or the other: plain where both are.</summary>
    public ColumnLineage Or(ColumnLineage other)
    {
        if (!IsKnown || ReferenceEquals(this, other))
            return this;
        if (!other.IsKnown)
            return other;
        var isPlain = IsPlain && other.IsPlain;
        if (Part != other.Part && _columns.Count > 0 && other._columns.Count > 0)
            return new ColumnLineage([.. _columns, .. other._columns], isPlain, whyUnknown: null);
        if (other._columns.IsSubsetOf(_columns))
            return isPlain == IsPlain ? this : new ColumnLineage(_columns, isPlain, whyUnknown: null);
        if (_columns.Count == 0)
            return isPlain == other.IsPlain ? other : new ColumnLineage(other._columns, isPlain, whyUnknown: null);
        return new ColumnLineage([.. _columns, .. other._columns], isPlain, whyUnknown: null);
    }

    /// <summary>True when both say the same; the reasons of the unknown aside.</summary>
    public bool Says(ColumnLineage other) => IsKnown == other.IsKnown && IsPlain == other.IsPlain && Part == other.Part && _columns.SetEquals(other._columns);

    public override string ToString() =>
        !IsKnown ? $"unknown: {WhyUnknown}"
        : _columns.Count == 0 ? "nothing"
        : $"{(IsPlain ? "plain" : "derived")} {string.Join(", ", _columns.OrderBy(key => key.Relation).ThenBy(key => key.Attribute).Select(key => $"{key.Relation}.{key.Attribute}{key.Path}"))}";
}
