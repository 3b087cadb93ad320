using System.Globalization;
using System.Net.Sockets;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Sampling;

/// <summary>Samples the tables of MySQL and MariaDB, whose databases are its schemas.</summary>
/// <param name="listener">Where the server is; it has a catalog login.</param>
/// <param name="policies">Whose masking rules say what is masked already.</param>
/// <param name="options">How much is read.</param>
/// <param name="time">For pauses.</param>
public sealed class MySqlSampler(ListenerOptions listener, PolicySource policies, SampleOptions options, TimeProvider time) : ITableSampler
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly MySqlConnections _connections = new(
        listener, listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener)),
        new() { CommandTimeout = options.Timeout + Grace, ProgramName = "wireguardian scan" }, most: 1, time);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken) =>
        await AskAsync((_, _) => Task.FromResult<IReadOnlyList<string>>([""]), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SampledTable>> TablesAsync(string database, CancellationToken cancellationToken)
    {
        var masks = await MasksAsync(cancellationToken);
        var lists = await AskAsync(SampleLists.ReadAsync, cancellationToken);
        return
        [
            .. lists.Tables((schema, table, column) => masks?.RuleOf(MySqlNames.Fold(schema), MySqlNames.Fold(table), MySqlNames.Fold(column)) is { Places: null } rule ? rule.Name : null)
                .Where(table => (options.Views || table.Kind != TableKind.View) && (options.ForeignTables || table.Kind != TableKind.Foreign)),
        ];
    }

    /// <inheritdoc/>
    public async Task SampleAsync(SampledTable table, IReadOnlyList<SampledColumn> columns, ISampleSink sink, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout + Grace, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await AskAsync((connection, token) => ReadAsync(connection, table, columns, sink, token), linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TableUnreadableException("not read in time", "", exception);
        }
        catch (TimeoutException exception)
        {
            throw new TableUnreadableException("not read in time", "", exception);
        }
        catch (ServerErrorException exception)
        {
            throw new TableUnreadableException(Reason(exception.Code), string.Create(CultureInfo.InvariantCulture, $"error {exception.Code}"), exception);
        }
        catch (Exception exception) when (exception is ProtocolException or IOException or SocketException)
        {
            // The next table finds out whether the server is still there.
            throw new TableUnreadableException("the connection broke", "", exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static string Reason(ushort code) => code switch
    {
        1044 or 1142 or 1143 or 1356 => "the catalog login may not read it",
        1205 => "somebody has locked it",
        1969 or 3024 or 1317 => "not read in time",
        1146 or 1054 => "it is gone or was changed",
        _ => "the server refused",
    };

    private async Task<bool> ReadAsync(MySqlConnection connection, SampledTable table, IReadOnlyList<SampledColumn> columns, ISampleSink sink, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await connection.QueryAsync("SET SESSION lock_wait_timeout = 1, SESSION sql_mode = ''", cancellationToken);
        await connection.QueryAsync("SET SESSION TRANSACTION READ ONLY", cancellationToken);
        (decimal, decimal)? bounds = null;
        if (SampleQueries.IsLarge(table, options.Rows) && table.HasWholeNumberKey)
        {
            await LimitAsync(connection, started, cancellationToken);
            bounds = Bounds(await connection.QueryAsync(SampleQueries.Bounds(table, table.PrimaryKey[0]), cancellationToken));
        }
        var length = options.CharactersPerValue(columns.Count);
        var rows = await ReadRowsAsync(connection, SampleQueries.Sample(table, columns, options.Rows, length, bounds), started, sink, cancellationToken);
        // The key's values stand close together in a few places.
        if (bounds is not null && rows < options.Rows / 10)
            await ReadRowsAsync(connection, SampleQueries.Sample(table, columns, options.Rows, length, null), started, sink, cancellationToken);
        return true;
    }

    private async Task<int> ReadRowsAsync(MySqlConnection connection, IEnumerable<string> queries, long started, ISampleSink sink, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var query in queries)
        {
            await LimitAsync(connection, started, cancellationToken);
            foreach (var row in (await connection.QueryAsync(query, cancellationToken)).Rows)
            {
                rows++;
                sink.AddRow();
                for (var column = 0; column < row.Length; column++)
                {
                    if (row[column] is { } value)
                        sink.AddValue(column, value);
                }
            }
        }
        return rows;
    }

    /// <summary>Gives the next statement what is left of the table's time.</summary>
    private async Task LimitAsync(MySqlConnection connection, long started, CancellationToken cancellationToken)
    {
        var left = options.Timeout - time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero)
            throw new TimeoutException("the table's time is over");
        var statement = connection.Version.Flavour == ServerFlavour.MariaDb
            ? string.Create(CultureInfo.InvariantCulture, $"SET SESSION max_statement_time = {left.TotalSeconds:0.000}")
            : string.Create(CultureInfo.InvariantCulture, $"SET SESSION max_execution_time = {Math.Max(1, (long)left.TotalMilliseconds)}");
        await connection.QueryAsync(statement, cancellationToken);
    }

    private static (decimal, decimal)? Bounds(QueryResult result) =>
        result.Rows.Count == 1
            && decimal.TryParse(result.Text(0, 0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var least)
            && decimal.TryParse(result.Text(0, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var largest)
            ? (least, largest)
            : null;

    /// <summary>What the rules mask; null where there is none for this listener.</summary>
    private async Task<ICatalogView?> MasksAsync(CancellationToken cancellationToken)
    {
        if (!policies.Current.Masking.Any(rule => rule.AppliesTo(listener.Name)))
            return null;
        await using var catalog = new MySqlCatalog(listener, () => policies.Current.Masking, time);
        try
        {
            return (await catalog.GetFreshAsync(cancellationToken)).ViewFor(new Principal("", [], "", ""));
        }
        catch (CatalogUnavailableException unavailable)
        {
            throw new SamplingException(unavailable.Message, unavailable);
        }
    }

    private async Task<T> AskAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var lease = await _connections.RentAsync(cancellationToken);
            return await work(lease.Connection, cancellationToken);
        }
        catch (CatalogLoginException refused)
        {
            throw new SamplingException(refused.Message, refused);
        }
    }
}
