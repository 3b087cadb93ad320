using System.Collections.Frozen;

namespace WireGuardian.Core.Statements;

/// <summary>
/// What the analyzer found out about one statement, from its text alone. No policy and no catalog is in here. Every set is an upper
/// bound: it may hold names that turn out to be aliases or columns, it never lacks a name that the statement uses.
/// </summary>
public sealed record StatementFacts
{
    /// <summary>What the statement does, the statements inside it included.</summary>
    public required StatementKinds Kinds { get; init; }

    /// <summary>First and past-the-last byte of the statement in the text that was analysed.</summary>
    public Range Text { get; init; }

    /// <summary>The relations that the statement names where a relation can stand (FROM, INTO, UPDATE, TABLE …), for people to read.</summary>
    public IReadOnlyList<Identifier> Relations { get; init; } = [];

    /// <summary>Those of them that stand where a relation is read.</summary>
    public IReadOnlyList<Identifier> Reads { get; init; } = [];

    /// <summary>Those of them that stand where a relation is written, made, changed or dropped; one can be among both.</summary>
    public IReadOnlyList<Identifier> Writes { get; init; } = [];

    /// <summary>Every identifier of the statement outside literals, keywords left out.</summary>
    public IReadOnlySet<Identifier> Identifiers { get; init; } = FrozenSet<Identifier>.Empty;

    /// <summary>Every operator symbol that is not one of the common arithmetic and comparison operators.</summary>
    public IReadOnlySet<string> Operators { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// The places where the statement writes values that it read somewhere: an INSERT's source, the right sides of SET, the query of CREATE TABLE AS,
    /// a USING or GENERATED expression. Empty when it writes only constants and parameters, or nothing.
    /// </summary>
    public IReadOnlyList<WriteSource> WriteSources { get; init; } = [];

    /// <summary>The relation that it makes and fills from a query; null where that is none, or cannot be read off.</summary>
    public CreatedRelation? Creates { get; init; }

    /// <summary>What it computes anew for the rows of a table; null where that is nothing, or cannot be read off.</summary>
    public RewrittenColumns? Rewrites { get; init; }

    /// <summary>The relation to which it gives another name, or null.</summary>
    public RenamedRelation? Renames { get; init; }

    /// <summary>ALTER TABLE … DETACH PARTITION, … NO INHERIT: rows that a table shows are not shown by it any more.</summary>
    public bool Detaches { get; init; }

    /// <summary>ALTER SCHEMA: whatever is in the schema has another name then.</summary>
    public bool AltersSchema { get; init; }

    /// <summary>True for a definition that plainly leaves as it was what every name, view and routine means: a new column or index, a table without defaults.</summary>
    public bool KeepsMeanings { get; init; }

    /// <summary>DROP TABLE that takes nothing else along.</summary>
    public bool DropsTables { get; init; }

    /// <summary>PREPARE TRANSACTION: what the transaction did is there once anybody says COMMIT PREPARED.</summary>
    public bool PreparesTransaction { get; init; }

    /// <summary>True when the statement can change how later text is read, by the settings that the server reports: SET, RESET, set_config, DISCARD, and code.</summary>
    public bool MayChangeSettings { get; init; }

    /// <summary>A prepared statement or cursor that this statement makes, with the facts of what it will run.</summary>
    public NamedStatement? Defines { get; init; }

    /// <summary>The function or procedure that this statement makes, or null.</summary>
    public string? DefinesRoutine { get; init; }

    /// <summary>True where that routine may read more than the statement names: by dynamic SQL, from a cursor, or in a language that is not read here.</summary>
    public bool RoutineIsUnseen { get; init; }

    /// <summary>What the body of that routine does at most, and what it calls left out; reading alone is <see cref="StatementKinds.Select"/>.</summary>
    public StatementKinds RoutineKinds { get; init; }

    /// <summary>Names that a routine has or gets by this statement: CREATE, and ALTER with RENAME.</summary>
    public IReadOnlyList<string> RoutineNames { get; init; } = [];

    /// <summary>The identifiers in conditions that a definition makes the server check over rows: an index's WHERE, CHECK, EXCLUDE, a policy. Empty where there are none.</summary>
    public IReadOnlySet<Identifier> Conditions { get; init; } = FrozenSet<Identifier>.Empty;

    /// <summary>True for TRUNCATE, and for COPY of a table: no query chooses or orders rows.</summary>
    public bool TakesAllRows { get; init; }

    /// <summary>Prepared statement that EXECUTE runs, or null.</summary>
    public string? ExecutesPrepared { get; init; }

    /// <summary>Prepared statement that DEALLOCATE drops, or null; DEALLOCATE ALL names none.</summary>
    public string? Deallocates { get; init; }

    /// <summary>Cursor that FETCH or MOVE reads, or null.</summary>
    public string? FetchesCursor { get; init; }

    /// <summary>First and past-the-last byte of the query that EXPLAIN shows the plan of; null where the statement is no EXPLAIN of a query.</summary>
    public Range? Explains { get; init; }

    /// <summary>COPY … TO STDOUT whose data can be read as they come; otherwise null.</summary>
    public CopyOut? CopyOut { get; init; }

    /// <summary>True when the text could not be read reliably (encoding, unterminated literal): it may involve anything.</summary>
    public bool IsOpaque { get; init; }
}

/// <summary>A prepared statement (PREPARE) or a cursor (DECLARE) and what it will run.</summary>
/// <param name="Name">Its name, folded.</param>
/// <param name="IsCursor">True for a cursor, false for a prepared statement.</param>
/// <param name="Facts">The facts of the statement inside.</param>
public sealed record NamedStatement(string Name, bool IsCursor, StatementFacts Facts)
{
    /// <summary>First and past-the-last byte of the list of parameter types of PREPARE, its parentheses included; empty where there is none.</summary>
    public Range ParameterTypes { get; init; }
}

/// <summary>One place of a statement whose value is stored.</summary>
/// <param name="Target">The relation written, when it can be named.</param>
/// <param name="TargetColumn">The column written, when the assignment names one (SET a = …), otherwise null.</param>
/// <param name="Reads">The identifiers that the stored value is computed from.</param>
/// <param name="ReadsWholeRow">True where the value may be a whole row (<c>*</c>, an alias without a column).</param>
public sealed record WriteSource(Identifier? Target, string? TargetColumn, IReadOnlySet<Identifier> Reads, bool ReadsWholeRow);
