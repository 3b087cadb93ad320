using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Where the columns of a statement's result come from, or why that is not known. Good for the picture of the catalog that it was asked under.</summary>
public sealed class LineageAnswer
{
    private LineageAnswer(StatementLineage? lineage, string why, bool isPassing) => (Lineage, Why, IsPassing) = (lineage, why, isPassing);

    /// <summary>Why nothing is known, in a sentence without values; empty where something is.</summary>
    public string Why { get; }

    /// <summary>True where the next question may well have another answer, with the catalog as it is: the server was not reached, or something was locked.</summary>
    public bool IsPassing { get; }

    /// <summary>Null: not known.</summary>
    internal StatementLineage? Lineage { get; }

    /// <summary>The statement calls something that reads what its arguments do not say: by which columns that chooses rows is not known.</summary>
    internal bool ReadsElsewhere => Lineage is { ReadsElsewhere: true };

    internal static LineageAnswer Known(StatementLineage lineage) => new(lineage, "", isPassing: false);

    internal static LineageAnswer Unknown(string why) => new(null, why, isPassing: false);

    internal static LineageAnswer NotNow(string why) => new(null, why, isPassing: true);
}
