namespace WireGuardian.Core.Labels;

/// <summary>A column that holds copies of masked values, and the rules that those are masked by.</summary>
public sealed record LabelledColumn
{
    /// <summary>The server's number of the relation (PostgreSQL's OID); 0 while the relation is not there yet.</summary>
    public uint Relation { get; init; }

    /// <summary>The column's number in it, from 1.</summary>
    public required short Attribute { get; init; }

    /// <summary>The schema, for people to read; empty where it is not known yet: then the label is for a new relation of that name in any schema.</summary>
    public string Schema { get; init; } = "";

    /// <summary>The relation's name, as the catalog was last seen.</summary>
    public required string Table { get; init; }

    /// <summary>The column's name, as the catalog was last seen; empty where it is not known yet.</summary>
    public string Column { get; init; } = "";

    /// <summary>Names of the masking rules of the columns that the values come from.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The values are computed, or come from columns of several rules: they are redacted as a whole. Otherwise they have their rule's mask.</summary>
    public bool IsDerived { get; init; }

    /// <summary>The columns that the values come from, as <c>schema.table.column</c>; for people to read.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Relations of that name that were there before, so that a label for a new one is not for them.</summary>
    public IReadOnlyList<uint> Namesakes { get; init; } = [];

    /// <summary>True for a relation that was not there yet when the label was made.</summary>
    public bool IsPending => Relation == 0;

    /// <summary>True when this label masks at least what <paramref name="other"/>, of the same column, does.</summary>
    public bool Covers(LabelledColumn other) =>
        other.Rules.All(rule => Rules.Contains(rule, StringComparer.Ordinal)) && (IsDerived || (!other.IsDerived && other.Rules.Count == Rules.Count));

    /// <summary><c>schema.table.column</c>, with what is known of it.</summary>
    public string FullName => string.Join('.', ((string[])[Schema, Table, Column.Length > 0 ? Column : $"#{Attribute}"]).Where(part => part.Length > 0));
}
