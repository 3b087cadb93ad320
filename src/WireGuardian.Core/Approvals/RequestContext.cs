using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Approvals;

/// <summary>What is known around a held statement, for the operator to decide by. Nothing of it decides anything; what is not known is left out.</summary>
public sealed record RequestContext
{
    /// <summary>Nothing is known.</summary>
    public static RequestContext None { get; } = new();

    /// <summary>The listener's <c>environment:</c>; empty for none.</summary>
    public string Environment { get; init => field = value ?? ""; } = "";

    /// <summary>The requester's own words, from a leading comment or a session setting: at most 300 characters, never proven.</summary>
    public string RequesterReason { get; init => field = value ?? ""; } = "";

    /// <summary>The bind values, by type and length only.</summary>
    public IReadOnlyList<BindValue> Parameters { get; init => field = value ?? []; } = [];

    /// <summary>True where it may read columns that a rule masks: what comes of them is masked, whoever approves.</summary>
    public bool InvolvesMasked { get; init; }

    /// <summary>The relations that it names to read from.</summary>
    public IReadOnlyList<RelationEstimate> Reads { get; init => field = value ?? []; } = [];

    /// <summary>The relations that it names to write, define, change or empty; read as well only where they are among <see cref="Reads"/> too.</summary>
    public IReadOnlyList<RelationEstimate> Writes { get; init => field = value ?? []; } = [];

    /// <summary>The columns of its result, as many as are shown, with what they come from and their masks; none where that is not known beforehand.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; init => field = value ?? []; } = [];

    /// <summary>Why none or not all are shown, in one sentence; empty where there is nothing to say.</summary>
    public string ColumnsNote { get; init => field = value ?? ""; } = "";

    /// <summary>What the server's planner expects; null where there is no plan to speak of.</summary>
    public PlanEstimate? Plan { get; init; }

    /// <summary>Statements that its transaction has run so far; 0 outside a transaction.</summary>
    public int TransactionStatements { get; init; }

    /// <summary>The kinds of those.</summary>
    public StatementKinds TransactionKinds { get; init; }

    /// <summary>What became of requests for the same statement, apart from its values, by the same rule.</summary>
    public SimilarRequests? Similar { get; init; }
}

/// <summary>A value that a statement runs with.</summary>
/// <param name="Type">The type's name or number; <c>unspecified</c> where the client left it to the server.</param>
/// <param name="Length">Bytes as sent; -1 for NULL.</param>
public sealed record BindValue(string Type, int Length);

/// <summary>A relation that a statement names.</summary>
/// <param name="Relation">Schema and name; as it stands in the statement where the catalog does not tell more.</param>
/// <param name="Rows">Its rows, as the server estimated them last; null where it did not.</param>
public sealed record RelationEstimate(string Relation, long? Rows);

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name; empty where the database gives it.</param>
/// <param name="Lineage"><c>plain</c>, <c>derived</c> or <c>unknown</c>.</param>
/// <param name="Sources">The base columns that it comes from; none for a constant.</param>
/// <param name="Mask">The mask's name in the configuration; empty for none.</param>
/// <param name="Rule">The rule behind it; empty for none.</param>
/// <param name="Why">One sentence.</param>
public sealed record ResultColumn(string Name, string Lineage, IReadOnlyList<string> Sources, string Mask, string Rule, string Why);

/// <summary>A plan's estimate, or why it was not asked for: exactly one of the two.</summary>
/// <param name="Rows">The rows that the statement returns or, where it writes, that it works on.</param>
/// <param name="NotAsked">Why there is none, in a phrase.</param>
public sealed record PlanEstimate(long? Rows, string NotAsked)
{
    public static PlanEstimate Of(long rows) => new(rows, "");

    public static PlanEstimate Not(string why) => new(null, why);
}

/// <summary>Requests of the past.</summary>
/// <param name="Approved">How many were approved.</param>
/// <param name="Denied">How many were denied.</param>
/// <param name="LastOperator">Who decided last.</param>
/// <param name="LastApproved">True where that was an approval.</param>
/// <param name="LastTime">When that was.</param>
public sealed record SimilarRequests(int Approved, int Denied, string LastOperator, bool LastApproved, DateTimeOffset LastTime);
