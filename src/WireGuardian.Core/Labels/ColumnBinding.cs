namespace WireGuardian.Core.Labels;

/// <summary>
/// A column that rules of the configuration have come to mask, by its number: renamed, moved or detached it is still the column that holds these values. It is given by names that
/// the rules had for it and for the columns that its values come from, so that it is always the configuration in force that says by which rule. No value is in it.
/// </summary>
public sealed record ColumnBinding
{
    /// <summary>The listener that has shown it.</summary>
    public required string Listener { get; init; }

    /// <summary>The server behind it, as <c>host:port</c>.</summary>
    public required string Upstream { get; init; }

    public required string Database { get; init; }

    /// <summary>The server's number of the database: one that was dropped and made again is another.</summary>
    public required uint DatabaseNumber { get; init; }

    /// <summary>The server's number of the relation (PostgreSQL's OID).</summary>
    public required uint Relation { get; init; }

    /// <summary>The column's number in it, from 1.</summary>
    public required short Attribute { get; init; }

    /// <summary>What it was called when it was bound: a rule that names this decides alone.</summary>
    public required ColumnName Name { get; init; }

    /// <summary>What it is called now.</summary>
    public required ColumnName Present { get; init; }

    /// <summary>Columns, by names that rules had for them, whose values it has.</summary>
    public IReadOnlyList<ColumnName> Sources { get; init; } = [];

    /// <summary>Names of rules of columns that its values may come from, where it is not known which columns these are.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Ids of the labels of columns whose values it has.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The values are computed from those: they are redacted as a whole.</summary>
    public bool IsDerived { get; init; }

    /// <summary>It has held JSON documents of its type: rules for places in the documents of all columns are for it, whatever its type is now.</summary>
    public bool HasDocuments { get; init; }

    /// <summary>Nothing but this masks it any more: no rule names it as it is called now, and its definition has nothing to do with a masked column.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>Names of the rules that mask it, as the catalog was last seen; for people to read.</summary>
    public IReadOnlyList<string> MaskedBy { get; init; } = [];

    public required DateTimeOffset Since { get; init; }

    /// <summary>Where it is: one binding for each column.</summary>
    public string Id => $"{Upstream}/{DatabaseNumber}/{Relation}/{Attribute}";

    /// <summary>True when it is not called any more what a rule names, or never was.</summary>
    public bool IsHidden => Present != Name || !Sources.Contains(Name);

    /// <summary>This with what another binding of the same column adds.</summary>
    public ColumnBinding With(ColumnBinding other) => this with
    {
        Database = other.Database,
        Present = other.Present,
        IsRemembered = other.IsRemembered,
        MaskedBy = other.MaskedBy,
        Sources = [.. Sources.Union(other.Sources)],
        Rules = [.. Rules.Union(other.Rules, StringComparer.Ordinal)],
        Labels = [.. Labels.Union(other.Labels, StringComparer.Ordinal)],
        IsDerived = IsDerived || other.IsDerived,
        HasDocuments = HasDocuments || other.HasDocuments,
    };

    /// <summary>True when <see cref="With"/> would add nothing.</summary>
    public bool Covers(ColumnBinding other) =>
        Database == other.Database && Present == other.Present && IsRemembered == other.IsRemembered && MaskedBy.SequenceEqual(other.MaskedBy)
        && (IsDerived || !other.IsDerived) && (HasDocuments || !other.HasDocuments) && other.Sources.All(Sources.Contains)
        && other.Rules.All(rule => Rules.Contains(rule, StringComparer.Ordinal)) && other.Labels.All(label => Labels.Contains(label, StringComparer.Ordinal));
}
