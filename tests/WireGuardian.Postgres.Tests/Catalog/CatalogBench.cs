using System.Net;
using Npgsql;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>A database of a real server with a catalog over it, and short ways to ask.</summary>
internal sealed class CatalogBench : IAsyncDisposable
{
    public const string Login = "catalog_tests_guardian";
    public const string Password = "guardian-secret";

    private static readonly SemaphoreSlim OnlyOnce = new(1);

    private readonly bool _ownsDatabase;

    private CatalogBench(PostgresDatabase database, IReadOnlyList<MaskingRule> rules, LabelBook? labels, bool ownsDatabase = true)
    {
        _ownsDatabase = ownsDatabase;
        Database = database;
        Rules = rules;
        Catalog = new PostgresCatalog(
            Listener(database.Server), database.Name, () => Rules, TimeProvider.System, new PostgresCatalogOptions { PollInterval = TimeSpan.FromMilliseconds(50) }, Said.Enqueue,
            labels: labels is null ? null : new CatalogLabels(labels, () => false));
    }

    public PostgresDatabase Database { get; }

    public PostgresCatalog Catalog { get; }

    public IReadOnlyList<MaskingRule> Rules { get; set; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = new();

    public static Task<CatalogBench> StartAsync(PostgresVersion version, string sql, params MaskingRule[] rules) => StartAsync(version, sql, null, rules);

    public static async Task<CatalogBench> StartAsync(PostgresVersion version, string sql, LabelBook? labels, params MaskingRule[] rules)
    {
        var server = await SharedPostgres.Get(version);
        await CreateLoginAsync(server);
        return new CatalogBench(await server.CreateDatabaseAsync(sql), rules, labels);
    }

    /// <summary>The same database and rules in what is as good as another process.</summary>
    public CatalogBench Again(LabelBook labels) => new(Database, Rules, labels, ownsDatabase: false);

    public ColumnLabel Label(uint relation, short attribute, string rule) => new()
    {
        Id = ColumnLabel.NewId(),
        Listener = "app-pg",
        Upstream = $"{PostgresServer.Host}:{Database.Server.Port}",
        Database = Database.Name,
        DatabaseNumber = (uint)(long)Database.ScalarAsync("select oid::bigint from pg_database where datname = current_database()").GetAwaiter().GetResult()!,
        Column = new LabelledColumn { Relation = relation, Attribute = attribute, Table = "t", Rules = [rule] },
        Cause = "statement",
        Since = DateTimeOffset.UnixEpoch,
    };

    public static async Task CreateLoginAsync(PostgresServer server)
    {
        await OnlyOnce.WaitAsync();
        try
        {
            if (await server.ScalarAsync($"select 1 from pg_roles where rolname = '{Login}'") is null)
                await server.ExecuteAsync($"create role {Login} login password '{Password}'");
        }
        finally
        {
            OnlyOnce.Release();
        }
    }

    public static ListenerOptions Listener(PostgresServer server, string password = Password) => new()
    {
        Name = "app-pg",
        Protocol = "postgres",
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Upstream = new DnsEndPoint(PostgresServer.Host, server.Port),
        UpstreamTls = new UpstreamTlsOptions(TlsMode.Off),
        Catalog = new CatalogLogin(Login, password),
        Limits = new LimitOptions { CatalogTimeout = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromMinutes(1) },
    };

    public static MaskingRule Rule(string name, params string[] columns) => new()
    {
        Name = name,
        Mask = MaskKind.Redact,
        Columns = columns.Select(column => ColumnPattern.TryParse(column, out var pattern) ? pattern! : throw new FormatException(column)).ToArray(),
    };

    public static Principal Alice { get; } = new("alice", [], "127.0.0.1", "");

    public async Task<ICatalogView> ViewAsync(Principal? principal = null) => (await Catalog.GetFreshAsync(CancellationToken.None)).ViewFor(principal ?? Alice);

    public Task ExecuteAsync(string sql) => Database.ExecuteAsync(sql);

    /// <summary>What the result columns of a query resolve to, by the table OIDs and attribute numbers that the server gives: "name: origin rule".</summary>
    public async Task<string> ResolveAsync(string query, Principal? principal = null)
    {
        var view = await ViewAsync(principal);
        await using var connection = await Database.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly);
        return string.Join(", ", reader.GetColumnSchema().Select(column =>
        {
            if (column.TableOID == 0)
                return $"{column.ColumnName}: none";
            var resolution = view.Resolve(column.TableOID, column.ColumnAttributeNumber!.Value);
            return $"{column.ColumnName}: {resolution.Origin}{(resolution.Rule is { } rule ? " " + rule.Name : "")}{(resolution.ThroughView ? " (view)" : "")}";
        }));
    }

    /// <summary>Facts of a statement that has these identifiers, written <c>name</c> or <c>qualifier.name</c>.</summary>
    public static StatementFacts Facts(StatementKinds kinds, params string[] identifiers) =>
        new() { Kinds = kinds, Identifiers = identifiers.Select(Identifier).ToHashSet() };

    public static StatementFacts Select(params string[] identifiers) => Facts(StatementKinds.Select, identifiers);

    public static Identifier Identifier(string text) =>
        text.Split('.') is [var qualifier, var name] ? new Identifier(qualifier, name) : new Identifier(null, text);

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        if (_ownsDatabase)
            await Database.DisposeAsync();
    }
}
