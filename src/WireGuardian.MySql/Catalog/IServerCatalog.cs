using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Gating;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>What is known of one server: which columns are masked, and under which names they can be reached.</summary>
public interface IServerCatalog : ICatalog<ICatalogSnapshot>
{
    /// <summary>A statement is about to be sent that may give relations of these names (folded) each other's, so that the picture looks as before.</summary>
    void MayHaveSwapped(IReadOnlyCollection<Identifier> names);

    /// <summary>
    /// Asks the server's parser, executing nothing: true only if it refuses the one statement <paramref name="sql"/> with a syntax error. False where it cannot
    /// be asked.
    /// </summary>
    /// <param name="sql">One statement in UTF-8.</param>
    /// <param name="settings">How the session reads it.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    ValueTask<bool> IsSyntaxErrorAsync(ReadOnlyMemory<byte> sql, MySqlSqlSettings settings, CancellationToken cancellationToken);

    /// <summary>
    /// How many rows the relations of these names have, by the servers' own estimates (TABLE_ROWS). Those that have none are left out, and all of them where the
    /// server does not answer.
    /// </summary>
    /// <param name="relations">Names as they stand in a statement.</param>
    /// <param name="database">Where those without a database are.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    ValueTask<IReadOnlyList<CountedRelation>> CountAsync(IReadOnlyCollection<Identifier> relations, string database, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<CountedRelation>>([]);

    /// <summary>Tells the server to stop what a connection runs (KILL QUERY).</summary>
    /// <param name="connectionId">The connection, as the server numbers it.</param>
    /// <param name="cancellationToken">The session is over.</param>
    /// <returns>Null once the server has taken it; otherwise why it did not, without a full stop.</returns>
    ValueTask<string?> KillQueryAsync(ulong connectionId, CancellationToken cancellationToken) => ValueTask.FromResult<string?>("nothing can be asked of it");
}

/// <summary>An immutable picture of one server under one policy.</summary>
public interface ICatalogSnapshot
{
    /// <summary>The picture as it concerns one principal: rules it is exempt from left out.</summary>
    ICatalogView ViewFor(Principal principal);
}

/// <summary>What masking needs to know for one principal. Names are folded (<see cref="MySqlNames"/>).</summary>
public interface ICatalogView
{
    /// <summary>True when no rule masks anything for this principal: rows need not be looked at.</summary>
    bool MasksNothing { get; }

    /// <summary>
    /// True unless the statement surely involves no masked column: none of its names is that of a relation with a masked column, or of a view, routine or trigger's
    /// table that may read one. An opaque statement always involves one.
    /// </summary>
    bool Involves(MySqlStatement statement);

    /// <summary>True when the statement may write what it reads of a masked column to where no rule masks it: tables, user variables.</summary>
    bool Copies(MySqlStatement statement);

    /// <summary>The kinds of what the routines and triggers do that the statement may run.</summary>
    StatementKinds KindsOfRoutines(MySqlStatement statement);

    /// <summary>
    /// What each column of a result is, told from the statement's shape; null where that cannot be told for sure.
    /// </summary>
    /// <param name="shape">The shape.</param>
    /// <param name="database">The session's own database.</param>
    /// <param name="columns">Columns that the result has.</param>
    IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns);

    /// <summary>The rule of a column that the server names in a column definition; null where none masks it. Such a name may add a mask, never take one away.</summary>
    MaskingRule? RuleOf(string database, string table, string column);

    /// <summary>The declared type of such a column; null where it is not known.</summary>
    DeclaredType? TypeOf(string database, string table, string column);
}

/// <summary>What a result column is, where that is known for sure.</summary>
/// <param name="IsPlain">A plain column, or a value that no masked column has gone into; false: it may be computed from anything.</param>
/// <param name="Rule">The rule that masks the plain column; null where none does.</param>
/// <param name="Type">Its declared type, where that is needed.</param>
public readonly record struct ColumnSource(bool IsPlain, MaskingRule? Rule, DeclaredType? Type)
{
    /// <summary>What the column is called, folded; null where that is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The column of a table that its values are as they stand there, names folded; null where it is no such column, or that is not known.</summary>
    public (string Schema, string Table, string Column)? Origin { get; init; }

    /// <summary>No masked column has gone into it.</summary>
    public bool IsClear => IsPlain && Rule is null;
}
