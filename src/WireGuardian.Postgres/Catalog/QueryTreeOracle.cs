using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What the server gave: its rewritten query tree, or the reason why there is none.</summary>
/// <param name="Tree">The tree as the server writes it; null where there is none.</param>
/// <param name="Why">Why there is none.</param>
/// <param name="IsFinal">False where asking again may well give another answer: a lock, a time limit.</param>
internal readonly record struct QueryTreeAnswer(string? Tree, string Why, bool IsFinal)
{
    /// <summary>The server's reason; empty where it did not refuse.</summary>
    public string SqlState { get; init; } = "";

    /// <summary>Where in the statement the reason is, in characters from 0; -1 where that is not known.</summary>
    public int Position { get; init; } = -1;

    /// <summary>True where a session would have the same answer, its names meaning what they meant here: a name or an operator of these types is nowhere.</summary>
    public bool CannotRun => SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.DatatypeMismatch;
}

/// <summary>
/// Has the server analyse and rewrite a statement, on a connection of its own, and hand out the tree (debug_print_rewritten). The statement is prepared and
/// forgotten in the same round trip: it is not planned, nothing of it is executed, and no right on a table is needed.
/// </summary>
internal sealed partial class QueryTreeOracle(CatalogConnection connection) : IDisposable
{
    /// <summary>Why it is not asked for what could run code of a user's.</summary>
    internal const string RunsCode = "reading a constant of one of its types could run code of a user's";

    /// <summary>The first version that prints what PREPARE prepares.</summary>
    private const int PrintsPrepare = 15;

    private const int LargestTree = 16 << 20;
    private const string Name = "wireguardian_lineage";

    /// <summary>
    /// Everything is one transaction, and the printing ends with it. client_min_messages is the session's: what is printed at a level that it leaves out is not sent.
    /// </summary>
    private const string Settings =
        """
        select pg_catalog.set_config('search_path', $1, true),
               pg_catalog.set_config('standard_conforming_strings', $2, true),
               pg_catalog.set_config('client_min_messages', 'log', true),
               pg_catalog.set_config('debug_pretty_print', 'off', true),
               pg_catalog.set_config('debug_print_rewritten', 'on', true)
        """;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<uint, string> _typeNames = [];
    private ICatalogSnapshot? _typesOf;

    /// <summary>Throws <see cref="CatalogUnavailableException"/> where the server cannot be asked at all.</summary>
    /// <param name="question">The statement.</param>
    /// <param name="searchPath">The schemas in which its names are found.</param>
    /// <param name="snapshot">The picture for which it is asked: the names of types are kept as long as it stays.</param>
    public async Task<QueryTreeAnswer> AskAsync(
        LineageQuestion question, IReadOnlyList<string> searchPath, ICatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        string sql;
        try
        {
            sql = Strict.GetString(question.Sql.Span);
        }
        catch (DecoderFallbackException)
        {
            return new(null, "its text is no UTF-8", IsFinal: true);
        }
        return await TakeTurnAsync((open, cancel) => AskAsync(open, sql, question, searchPath, snapshot, cancel), cancellationToken);
    }

    /// <summary>The bodies of SQL functions; those that are none, or that take arguments of any type, are left out.</summary>
    public async Task<IReadOnlyList<FunctionSource>> ReadBodiesAsync(IEnumerable<uint> functions, CancellationToken cancellationToken) =>
        await TakeTurnAsync(
            (open, cancel) => new CatalogReader(open).ReadAsync(
                CatalogQueries.FunctionBodies,
                row => new FunctionSource(
                    row.GetFieldValue<uint>(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetBoolean(4), row.GetFieldValue<uint[]>(5), row.GetFieldValue<string[]>(6)),
                cancel,
                CatalogReader.Oids(functions)),
            cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<QueryTreeAnswer> AskAsync(
        NpgsqlConnection open, string sql, LineageQuestion question, IReadOnlyList<string> searchPath, ICatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        string? tree = null;
        void Take(object sender, NpgsqlNoticeEventArgs received)
        {
            if (received.Notice.Detail is { } detail && IsQuery(detail))
                tree = detail;
        }

        var head = "";
        open.Notice += Take;
        try
        {
            var types = question.DeclaredTypes.IsEmpty
                ? await TypeListAsync(open, question.ParameterTypes, snapshot, cancellationToken)
                : Encoding.UTF8.GetString(question.DeclaredTypes.Span);
            if (types is null)
                return new(null, "a parameter has a type that the catalog login does not find", IsFinal: true);
            if (open.PostgreSqlVersion.Major < PrintsPrepare)
            {
                if (!question.DeclaredTypes.IsEmpty || question.ParameterTypes.ToArray().Any(type => type >= CatalogPicture.FirstUserOid))
                    return new(null, "PostgreSQL 14 does not say it of a statement with parameters of these types", IsFinal: true);
                await ParseAsync(open, sql, question, searchPath, cancellationToken);
                return Answer(tree);
            }
            await using var batch = new NpgsqlBatch(open);
            batch.BatchCommands.Add(RefuseCode(question));
            batch.BatchCommands.Add(Print(searchPath, question.StandardConformingStrings));
            head = $"prepare {Name} {types} as ";
            batch.BatchCommands.Add(CatalogReader.AsIs($"{head}{sql}"));
            batch.BatchCommands.Add(CatalogReader.AsIs($"deallocate {Name}"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refusal) when (open.FullState is System.Data.ConnectionState.Open)
        {
            // One that was cut short before it was forgotten.
            if (refusal.SqlState is PostgresErrorCodes.DuplicatePreparedStatement)
                await new CatalogReader(open).ExecuteAsync("deallocate all", cancellationToken);
            if (refusal.SqlState is PostgresErrorCodes.DivisionByZero)
                return new(null, RunsCode, IsFinal: true);
            return new(null, $"the server did not analyse it for the catalog login: SQLSTATE {refusal.SqlState}", IsFinal: !IsPassing(refusal.SqlState))
            {
                SqlState = refusal.SqlState,
                Position = refusal.Position - 1 - head.Length,
            };
        }
        finally
        {
            open.Notice -= Take;
        }
        return Answer(tree);
    }

    private static QueryTreeAnswer Answer(string? tree) =>
        tree is null ? new(null, "the server printed no query tree", IsFinal: true)
        : tree.Length > LargestTree ? new(null, "its query tree is too large", IsFinal: true)
        : new(tree, "", IsFinal: true);

    /// <summary>PostgreSQL 14 prints the tree of what is parsed by message alone: two round trips more.</summary>
    private async Task ParseAsync(NpgsqlConnection open, string sql, LineageQuestion question, IReadOnlyList<string> searchPath, CancellationToken cancellationToken)
    {
        var reader = new CatalogReader(open);
        await reader.ExecuteAsync("begin", cancellationToken);
        try
        {
            await using (var batch = new NpgsqlBatch(open) { BatchCommands = { RefuseCode(question), Print(searchPath, question.StandardConformingStrings) } })
                await batch.ExecuteNonQueryAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, open);
            foreach (var type in question.ParameterTypes.ToArray())
                command.Parameters.Add(new() { Value = DBNull.Value, DataTypeName = type == 0 ? "unknown" : _typeNames[type] });
            // The client library splits commands without parameters.
            if (command.Parameters.Count == 0)
                command.Parameters.Add(new() { Value = DBNull.Value, DataTypeName = ParameterMark().IsMatch(sql) ? "unknown" : "text" });
            await using var description = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, cancellationToken);
        }
        finally
        {
            await reader.ExecuteAsync("rollback", cancellationToken);
        }
    }

    [GeneratedRegex(@"\$\d")]
    private static partial Regex ParameterMark();

    private async Task<T> TakeTurnAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await connection.UseAsync(work, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>PREPARE and DEALLOCATE are printed as well, as utility statements. The server breaks lines between any two words.</summary>
    internal static bool IsQuery(string detail)
    {
        const int head = 200;
        var front = detail[..Math.Min(detail.Length, head)].ReplaceLineEndings(" ");
        return front.StartsWith("({QUERY ", StringComparison.Ordinal) && front.Contains(":utilityStmt <>", StringComparison.Ordinal);
    }

    /// <summary>Goes before what is analysed, in the same round trip: ends it with <see cref="PostgresErrorCodes.DivisionByZero"/> where that could run code of a user's.</summary>
    internal static NpgsqlBatchCommand RefuseCode(LineageQuestion question) => new(CatalogQueries.RefuseCodeInConstants)
    {
        Parameters =
        {
            CatalogReader.Texts(question.Facts.Identifiers.Select(identifier => identifier.Name).Distinct()),
            CatalogReader.Oids(question.ParameterTypes.ToArray()),
        },
    };

    /// <summary>Makes the server print the trees of what follows in the transaction.</summary>
    internal static NpgsqlBatchCommand Print(IReadOnlyList<string> searchPath, bool standardConformingStrings) => new(Settings)
    {
        Parameters = { CatalogReader.Text(string.Join(", ", searchPath.Select(Quote))), CatalogReader.Text(standardConformingStrings ? "on" : "off") },
    };

    private static bool IsPassing(string sqlState) => sqlState is PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled
        or PostgresErrorCodes.DeadlockDetected || sqlState.StartsWith("53", StringComparison.Ordinal);

    /// <summary>The parameter types as PREPARE takes them; null where one is not there.</summary>
    private async Task<string?> TypeListAsync(NpgsqlConnection open, ReadOnlyMemory<uint> types, ICatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (types.IsEmpty)
            return "";
        if (!ReferenceEquals(_typesOf, snapshot))
            _typeNames.Clear();
        _typesOf = snapshot;
        var missing = types.ToArray().Where(oid => oid != 0 && !_typeNames.ContainsKey(oid)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            var found = await new CatalogReader(open).ReadAsync(
                CatalogQueries.TypeNames, row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)), cancellationToken, CatalogReader.Oids(missing));
            foreach (var (oid, name) in found)
                _typeNames[oid] = name;
        }
        var names = new List<string>(types.Length);
        foreach (var oid in types.ToArray())
        {
            // unknown leaves the type to be inferred, as 0 does in a Parse message.
            if (oid == 0)
                names.Add("pg_catalog.unknown");
            else if (_typeNames.TryGetValue(oid, out var name))
                names.Add(name);
            else
                return null;
        }
        return $"({string.Join(", ", names)})";
    }

    private static string Quote(string schema) => $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
