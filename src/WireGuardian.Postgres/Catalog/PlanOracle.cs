using System.Text;
using System.Text.Json;
using Npgsql;
using WireGuardian.Core.Approvals;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Asks for the rows that a plan expects (EXPLAIN, never ANALYZE), on a connection of its own. Planning runs code, with the catalog login's rights: so the statement is
/// analysed first, and planned only where the tree and its relations hold no code but the server's own, in the same transaction, whose locks keep the tree what it is.
/// Bind values are not given: the plan is that for any values (<c>force_generic_plan</c>).
/// </summary>
internal sealed class PlanOracle(CatalogConnection connection) : IDisposable
{
    private const string Name = "wireguardian_plan";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Never throws for what the server does.</summary>
    /// <param name="question">The statement.</param>
    /// <param name="snapshot">The picture of the catalog.</param>
    /// <param name="login">The requester's login.</param>
    /// <param name="cancellationToken">It has taken long enough.</param>
    public async Task<PlanEstimate> AskAsync(LineageQuestion question, PostgresSnapshot snapshot, string login, CancellationToken cancellationToken)
    {
        if (snapshot.Names.SearchPathsFor(question.Facts, question.Sql.Span, out _) is not [var path])
            return PlanEstimate.Not("its names may mean several things");
        try
        {
            var sql = Strict.GetString(question.Sql.Span);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await connection.UseAsync((open, cancel) => AskAsync(open, sql, question, path, login, cancel), cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (DecoderFallbackException)
        {
            return PlanEstimate.Not("its text is no UTF-8");
        }
        catch (CatalogUnavailableException)
        {
            return PlanEstimate.Not("the catalog login cannot log in");
        }
        catch (ProtocolException)
        {
            return PlanEstimate.Not("what the server made of it is not understood");
        }
        catch (PostgresException refusal)
        {
            await connection.CloseAsync();
            return PlanEstimate.Not(refusal.SqlState switch
            {
                PostgresErrorCodes.InsufficientPrivilege => "the catalog login may not do what it does",
                PostgresErrorCodes.DivisionByZero => QueryTreeOracle.RunsCode,
                PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => "the server did not plan it in time",
                var state => $"the server did not plan it for the catalog login: SQLSTATE {state}",
            });
        }
        catch (OperationCanceledException)
        {
            return PlanEstimate.Not("the server did not plan it in time");
        }
    }

    public void Dispose() => _turn.Dispose();

    private static async Task<PlanEstimate> AskAsync(
        NpgsqlConnection open, string sql, LineageQuestion question, SearchPath path, string login, CancellationToken cancellationToken)
    {
        var reader = new CatalogReader(open);
        await reader.ExecuteAsync("begin isolation level read committed read only", cancellationToken);
        var types = Encoding.UTF8.GetString(question.DeclaredTypes.Span);
        if (types.Length == 0 && !question.ParameterTypes.IsEmpty)
            types = await TypeListAsync(reader, question.ParameterTypes.ToArray(), cancellationToken);
        var (tree, why) = await PrepareAsync(open, $"prepare {Name} {types} as {sql}", question, path, cancellationToken);
        var estimate = tree is null ? PlanEstimate.Not(why) : await PlanAsync(reader, open, tree, login, cancellationToken);
        await reader.ExecuteAsync($"rollback; deallocate {Name}", cancellationToken);
        return estimate;
    }

    private static async Task<(string? Tree, string Why)> PrepareAsync(
        NpgsqlConnection open, string prepare, LineageQuestion question, SearchPath path, CancellationToken cancellationToken)
    {
        var trees = new List<string>();
        void Take(object sender, NpgsqlNoticeEventArgs received)
        {
            if (received.Notice.Detail is { } detail && QueryTreeOracle.IsQuery(detail))
                trees.Add(detail);
        }

        open.Notice += Take;
        try
        {
            await using var batch = new NpgsqlBatch(open);
            batch.BatchCommands.Add(QueryTreeOracle.RefuseCode(question));
            batch.BatchCommands.Add(QueryTreeOracle.Print(path.Schemas, question.StandardConformingStrings));
            // The trees of utility statements are told apart from that of a query: no other query may come while they are printed.
            batch.BatchCommands.Add(new("set local statement_timeout = '500ms'"));
            batch.BatchCommands.Add(new("set local plan_cache_mode = 'force_generic_plan'"));
            batch.BatchCommands.Add(CatalogReader.AsIs(prepare));
            batch.BatchCommands.Add(new("set local debug_print_rewritten = off"));
            batch.BatchCommands.Add(new("set local client_min_messages = error"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            open.Notice -= Take;
        }
        return trees is [var tree] ? (tree, "") : (null, "the server did not print its query tree");
    }

    private static async Task<PlanEstimate> PlanAsync(CatalogReader reader, NpgsqlConnection open, string tree, string login, CancellationToken cancellationToken)
    {
        if (!PlannedTree.IsServersOwn(tree, out var relations, out var functions))
            return PlanEstimate.Not("it uses functions, operators or types of users, which planning could run");
        var (isOther, hasCode, isOwn, isUnsure, parameters) = (await reader.ReadAsync(
            CatalogQueries.PlanObstacles,
            row => (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3), row.GetInt32(4)),
            cancellationToken, CatalogReader.Oids(relations), CatalogReader.Text(login), CatalogReader.Text(Name), CatalogReader.Oids(functions)))[0];
        if (isOther)
            return PlanEstimate.Not("it names something else than plain tables: a view, a foreign table, one with rules or row security");
        if (hasCode)
            return PlanEstimate.Not("its tables use functions, operators or types of users, which planning could run");
        if (isOwn)
            return PlanEstimate.Not("the requester may define its tables, so that planning could run the requester's code");
        if (isUnsure)
            return PlanEstimate.Not("it calls functions that planning could run");
        var arguments = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("null", parameters))})";
        await using var explain = new NpgsqlCommand($"explain (format json, costs on) execute {Name}{arguments}", open);
        var plan = (string?)await explain.ExecuteScalarAsync(cancellationToken);
        return Rows(plan ?? "");
    }

    /// <summary>A statement that writes returns none by itself: what it works on is what its one child gives.</summary>
    private static PlanEstimate Rows(string plan)
    {
        try
        {
            using var document = JsonDocument.Parse(plan, new() { MaxDepth = 1000 });
            var node = document.RootElement[0].GetProperty("Plan");
            while (node.GetProperty("Node Type").GetString() is "ModifyTable" or "LockRows" && node.TryGetProperty("Plans", out var children))
                node = children[0];
            return PlanEstimate.Of((long)Math.Min(node.GetProperty("Plan Rows").GetDouble(), 1e18));
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or FormatException)
        {
            return PlanEstimate.Not("its plan is not understood");
        }
    }

    /// <summary>The parameter types as PREPARE takes them; what has no name here is left to the server.</summary>
    private static async Task<string> TypeListAsync(CatalogReader reader, uint[] types, CancellationToken cancellationToken)
    {
        var names = await reader.ReadAsync(
            CatalogQueries.TypeNames, row => KeyValuePair.Create(row.GetFieldValue<uint>(0), row.GetString(1)), cancellationToken, CatalogReader.Oids(types.Where(oid => oid != 0)));
        var found = names.ToDictionary();
        return $"({string.Join(", ", types.Select(oid => found.GetValueOrDefault(oid, "pg_catalog.unknown")))})";
    }
}
