using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Where the columns of a statement's result come from, or why that is not known. Good for the picture of the catalog that it was asked under.</summary>
public sealed class LineageAnswer
{
    private LineageAnswer(StatementLineage? lineage, string why) => (Lineage, Why) = (lineage, why);

    /// <summary>Why nothing is known, in a sentence without values; empty where something is.</summary>
    public string Why { get; }

    /// <summary>Null: not known.</summary>
    internal StatementLineage? Lineage { get; }

    internal static LineageAnswer Known(StatementLineage lineage) => new(lineage, "");

    internal static LineageAnswer Unknown(string why) => new(null, why);
}
