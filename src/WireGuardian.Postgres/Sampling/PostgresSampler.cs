using Npgsql;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Postgres.Sampling;

/// <summary>Samples the tables of PostgreSQL, one database after another.</summary>
/// <param name="listener">Where the server is; it has a catalog login.</param>
/// <param name="policies">Whose masking rules say what is masked already.</param>
/// <param name="labels">The labels that there are.</param>
/// <param name="options">How much is read.</param>
/// <param name="time">For pauses.</param>
public sealed class PostgresSampler(ListenerOptions listener, PolicySource policies, LabelBook labels, SampleOptions options, TimeProvider time) : ITableSampler
{
    /// <summary>The database that every server has, unless somebody dropped it.</summary>
    private const string Maintenance = "postgres";

    /// <summary>A table of more partitions is read in a few of them.</summary>
    private const int MostParts = 100;

    private const int FewParts = 8;

    /// <summary>So much longer than the server may work on it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CatalogLogin _login = listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener));
    private NpgsqlDataSource? _source;
    private CatalogConnection? _connection;
    private string? _database;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken)
    {
        if (options.Database is { } only)
            return [only];
        try
        {
            return await ListAsync(Maintenance, SampleQueries.Databases, row => row.GetString(0), cancellationToken);
        }
        catch (SamplingException exception)
        {
            throw new SamplingException($"{exception.Message}; --database names another", exception);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SampledTable>> TablesAsync(string database, CancellationToken cancellationToken)
    {
        var masks = await MasksAsync(database, cancellationToken);
        var rows = await ListAsync(database, SampleQueries.Columns, Read, cancellationToken);
        return
        [
            .. rows.OfType<ColumnRow>().GroupBy(row => row.Relation).Select(table => ToTable(database, [.. table], masks))
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
            await AskAsync(table.Database, (connection, token) => ReadAsync(connection, table, columns, sink, token), linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TableUnreadableException("not read in time", "", exception);
        }
        catch (PostgresException exception)
        {
            throw new TableUnreadableException(Reason(exception.SqlState), $"SQLSTATE {exception.SqlState}", exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
        {
            throw new TableUnreadableException("the client library could not read it", "", exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private static string Reason(string sqlState) => sqlState switch
    {
        "42501" => "the catalog login may not read it",
        "55P03" => "somebody has locked it",
        "57014" => "not read in time",
        "42P01" or "42703" => "it is gone or was changed",
        _ => "the server refused",
    };

    /// <summary>Reads in a transaction of its own that may write nothing, and ends with a rollback.</summary>
    private async Task<bool> ReadAsync(NpgsqlConnection connection, SampledTable table, IReadOnlyList<SampledColumn> columns, ISampleSink sink, CancellationToken cancellationToken)
    {
        var reader = new CatalogReader(connection);
        await reader.ExecuteAsync("begin transaction read only", cancellationToken);
        try
        {
            var milliseconds = (long)options.Timeout.TotalMilliseconds;
            // A row policy may call functions of users': a table that has one for this login is an error then.
            await reader.ExecuteAsync(
                $"""
                set local statement_timeout = {milliseconds};
                set local lock_timeout = '250ms';
                set local row_security = off;
                set local datestyle = 'ISO, YMD'
                """,
                cancellationToken);
            var places = await PlacesAsync(reader, table, cancellationToken);
            foreach (var place in places)
                await ReadPlaceAsync(reader, place, columns, Math.Max(1, options.Rows / places.Count), sink, cancellationToken);
            return true;
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open && !cancellationToken.IsCancellationRequested)
                await reader.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    /// <summary>Where rows are read. A table with very many partitions is read in a few of them: all would be locked otherwise, and there is not room for any number of locks.</summary>
    private static async Task<IReadOnlyList<SampledTable>> PlacesAsync(CatalogReader reader, SampledTable table, CancellationToken cancellationToken)
    {
        if (table.Parts <= MostParts)
            return [table];
        return await reader.ReadAsync(
            SampleQueries.Partitions,
            row => table with
            {
                Kind = TableKind.Table,
                Schema = row.GetString(0),
                Name = row.GetString(1),
                EstimatedRows = row.GetDouble(2),
                EstimatedPages = row.GetInt64(3),
                Number = row.GetFieldValue<uint>(4),
            },
            cancellationToken, CatalogReader.Oid(table.Number), new NpgsqlParameter { Value = FewParts });
    }

    private async Task ReadPlaceAsync(
        CatalogReader reader, SampledTable place, IReadOnlyList<SampledColumn> columns, int rows, ISampleSink sink, CancellationToken cancellationToken)
    {
        var pages = place.Kind switch
        {
            TableKind.Table or TableKind.MaterializedView => (await reader.ReadAsync(SampleQueries.Pages, row => row.IsDBNull(0) ? 0 : row.GetInt64(0), cancellationToken, CatalogReader.Oid(place.Number)))[0],
            TableKind.Partitioned => place.EstimatedPages,
            _ => 0,
        };
        var length = options.CharactersPerValue(columns.Count);
        var percent = SampleQueries.Percent(place, pages, rows);
        var read = await ReadRowsAsync(reader, SampleQueries.Sample(place, columns, rows, length, percent), columns.Count, sink, cancellationToken);
        // The statistics are old, or the table is mostly empty pages.
        if (percent is not null && read < rows / 10)
            await ReadRowsAsync(reader, SampleQueries.Sample(place, columns, rows, length, null), columns.Count, sink, cancellationToken);
    }

    private async Task<int> ReadRowsAsync(CatalogReader reader, string query, int columns, ISampleSink sink, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var row in reader.StreamAsync(query, options.Timeout + Grace, cancellationToken))
        {
            rows++;
            sink.AddRow();
            for (var column = 0; column < columns; column++)
            {
                if (!row.IsDBNull(column))
                    sink.AddValue(column, row.GetFieldValue<byte[]>(column));
            }
        }
        return rows;
    }

    private static ColumnRow? Read(NpgsqlDataReader row)
    {
        if (SampleQueries.FormOf(row.GetString(8), row.GetBoolean(9)) is not var (structure, isText))
            return null;
        var kind = row.GetString(1) switch
        {
            "p" => TableKind.Partitioned,
            "m" => TableKind.MaterializedView,
            "v" => TableKind.View,
            "f" => TableKind.Foreign,
            _ => TableKind.Table,
        };
        return new(
            row.GetFieldValue<uint>(0), kind, row.GetString(2), row.GetString(3), row.GetDouble(4), row.GetInt64(5), row.GetInt16(6),
            new(row.GetString(7), row.GetBoolean(9) ? $"{row.GetString(8)}[]" : row.GetString(8), structure) { IsText = isText, IsReadable = row.GetBoolean(10) })
        {
            Parts = row.GetInt32(11),
        };
    }

    private static SampledTable ToTable(string database, ColumnRow[] rows, ICatalogView? masks) =>
        new(database, rows[0].Schema, rows[0].Table, rows[0].Kind, [.. rows.Select(row => row.Column with { MaskedBy = MaskOf(masks, row) })])
        {
            Number = rows[0].Relation,
            EstimatedRows = rows[0].Rows,
            EstimatedPages = rows[0].Pages,
            Parts = rows[0].Parts,
        };

    /// <summary>What the rules mask in a database, through views, partitions and labels too; null where there is nothing that could.</summary>
    private async Task<ICatalogView?> MasksAsync(string database, CancellationToken cancellationToken)
    {
        if (!policies.Current.Masking.Any(rule => rule.AppliesTo(listener.Name)) && labels.All.Count == 0)
            return null;
        await using var catalog = new PostgresCatalog(
            listener, database, () => policies.Current.Masking, time, functions: () => policies.Current.Functions, labels: new CatalogLabels(labels, () => false));
        try
        {
            return (await catalog.GetFreshAsync(cancellationToken)).Unexempted;
        }
        catch (CatalogUnavailableException unavailable)
        {
            throw new SamplingException(unavailable.Message, unavailable);
        }
    }

    /// <summary>The rule that masks the column; null where none does, or places in its documents alone.</summary>
    private static string? MaskOf(ICatalogView? masks, ColumnRow row) =>
        masks?.Resolve(row.Relation, row.Attribute) is { Origin: ColumnOrigin.Masked or ColumnOrigin.Derived } resolved && (resolved.Origin is ColumnOrigin.Derived || resolved.Rule?.Places is null)
            ? resolved.Rule?.Name ?? "masking"
            : null;

    private async Task<List<T>> ListAsync<T>(string database, string query, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(database, (connection, token) => new CatalogReader(connection).ReadAsync(query, row, token), cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            var code = exception.SqlState is { } sqlState ? $" (SQLSTATE {sqlState})" : "";
            throw new SamplingException($"the catalog login cannot list what is in database \"{database}\"{code}", exception);
        }
    }

    private async Task<T> AskAsync<T>(string database, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (_database != database)
        {
            await CloseAsync();
            _source = CatalogSource.Create(listener, _login, database);
            _connection = new CatalogConnection(_source, $"database \"{database}\" on {listener.Upstream.Host}:{listener.Upstream.Port} as \"{_login.Username}\"", time);
            _database = database;
        }
        try
        {
            return await _connection!.UseAsync(work, cancellationToken);
        }
        catch (CatalogUnavailableException unavailable)
        {
            throw new SamplingException(unavailable.Message, unavailable);
        }
    }

    private async ValueTask CloseAsync()
    {
        _database = null;
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
    }

    /// <summary>A column, and the table that it belongs to.</summary>
    private sealed record ColumnRow(uint Relation, TableKind Kind, string Schema, string Table, double Rows, long Pages, short Attribute, SampledColumn Column)
    {
        public int Parts { get; init; }
    }
}
