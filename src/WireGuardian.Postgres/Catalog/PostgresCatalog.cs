using Npgsql;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Explaining;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The catalog of one database of a listener, read over the listener's catalog login.</summary>
public sealed class PostgresCatalog : IDatabaseCatalog, IAsyncDisposable
{
    private readonly string _target;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _source;
    private readonly CatalogConnection _connection;
    private readonly CatalogConnection _syntaxConnection;
    private readonly NpgsqlDataSource _lineageSource;
    private readonly CatalogConnection _lineageConnection;
    private readonly StatementLineages _lineages;
    private readonly CatalogConnection _planConnection;
    private readonly PlanOracle _plans;
    private static readonly IReadOnlyList<FunctionLabel> NoLabels = [];

    private readonly Func<IReadOnlyList<FunctionLabel>> _functions;
    private readonly CatalogLoader _loader;
    private readonly SyntaxOracle _syntax;
    private readonly DatabaseLabels? _labels;
    private readonly ColumnBindings _bindings;
    private readonly Action<string>? _diagnostics;
    private string? _unkept;
    private readonly KeptCatalog<ICatalogSnapshot> _kept;

    /// <param name="listener">Where the server is and how to log in; it has a catalog login.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="rules">The masking rules in force, of all listeners; a new list when the configuration was reloaded.</param>
    /// <param name="time">For pauses and the background look.</param>
    /// <param name="options">How often to look; null for the defaults.</param>
    /// <param name="diagnostics">Told, in a sentence without values, when the catalog stops and starts to answer; may be null.</param>
    /// <param name="functions">The labels of functions in force, of all listeners; a new list when the configuration was reloaded. Null: there are none.</param>
    /// <param name="labels">Where labels are kept; null for none.</param>
    /// <param name="detection">The detection rules in force, of all listeners, which are loaded together with the others; null: there are none.</param>
    public PostgresCatalog(
        ListenerOptions listener,
        string database,
        Func<IReadOnlyList<MaskingRule>> rules,
        TimeProvider time,
        PostgresCatalogOptions? options = null,
        Action<string>? diagnostics = null,
        Func<IReadOnlyList<FunctionLabel>>? functions = null,
        CatalogLabels? labels = null,
        Func<IReadOnlyList<DetectionRule>>? detection = null)
        : this(listener, database, rules, time, options ?? new PostgresCatalogOptions(), diagnostics, labels?.Book.Bindings ?? new BindingBook(null), new FunctionBindings(), functions, labels, detection)
    {
    }

    internal PostgresCatalog(
        ListenerOptions listener,
        string database,
        Func<IReadOnlyList<MaskingRule>> rules,
        TimeProvider time,
        PostgresCatalogOptions options,
        Action<string>? diagnostics,
        BindingBook bindings,
        FunctionBindings functionBindings,
        Func<IReadOnlyList<FunctionLabel>>? functions,
        CatalogLabels? labels,
        Func<IReadOnlyList<DetectionRule>>? detection = null)
    {
        _functions = functions ?? (static () => NoLabels);
        var login = listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener));
        _target = $"database \"{database}\" on {listener.Upstream.Host}:{listener.Upstream.Port} as \"{login.Username}\"";
        _timeout = listener.Limits.CatalogTimeout;
        _time = time;
        _diagnostics = diagnostics;
        _source = CatalogSource.Create(listener, login, database);
        _connection = new CatalogConnection(_source, _target, time);
        _syntaxConnection = new CatalogConnection(_source, _target, time);
        _lineageSource = CatalogSource.Create(listener, login, database, readsDetails: true);
        _lineageConnection = new CatalogConnection(_lineageSource, _target, time);
        _lineages = new StatementLineages(_lineageConnection, _timeout, time);
        _planConnection = new CatalogConnection(_lineageSource, _target, time);
        _plans = new PlanOracle(_planConnection);
        var upstream = $"{listener.Upstream.Host}:{listener.Upstream.Port}";
        _labels = labels is null ? null : new DatabaseLabels(labels, listener.Name, upstream, database, time);
        _bindings = new ColumnBindings(bindings, listener.Name, upstream, database, time);
        _loader = new CatalogLoader(listener.Name, _bindings, functionBindings, _labels, detection);
        _syntax = new SyntaxOracle(_syntaxConnection);
        _kept = new KeptCatalog<ICatalogSnapshot>(ReadAsync, new()
        {
            Rules = rules,
            Timeout = _timeout,
            PollInterval = options.PollInterval,
            Time = time,
            Diagnostics = diagnostics,
            Name = _target,
            NoAnswer = $"the catalog login got no answer from {_target} within {_timeout.TotalSeconds} s",
        });
    }

    /// <inheritdoc/>
    public ICatalogSnapshot? Current => _kept.Current;

    /// <inheritdoc/>
    public bool IsFresh => _kept.IsFresh && !LacksLabels;

    /// <inheritdoc/>
    public ConcurrentWork Work { get; } = new();

    /// <inheritdoc/>
    public long LabelVersion => _labels?.Version ?? 0;

    /// <inheritdoc/>
    public bool LacksLabels => _labels is not null && _kept.Current is { } current && current.LabelVersion != _labels.Version;

    /// <inheritdoc/>
    public string? Unkept => _bindings.Problem is null ? null
        : "What columns are masked by cannot be kept in the store now, so that what changes tables, views or functions could take masks off. It can be run again once the store can be written.";

    /// <inheritdoc/>
    public long ChangeCount => _kept.ChangeCount;

    /// <inheritdoc/>
    public ValueTask<ICatalogSnapshot> GetFreshAsync(CancellationToken cancellationToken) => _kept.GetFreshAsync(cancellationToken);

    /// <inheritdoc/>
    public void BeginChange() => _kept.BeginChange();

    /// <inheritdoc/>
    public void EndChange() => _kept.EndChange();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ColumnLabel>> LabelAsync(IReadOnlyList<LabelledColumn> columns, LabelOrigin origin, CancellationToken cancellationToken)
    {
        if (_labels is null || _kept.Current is not PostgresSnapshot current)
            throw new LabelStoreException("there is no store of labels");
        var names = await TryNameAsync([.. columns.Where(column => !column.IsPending).Select(column => new ColumnKey(column.Relation, column.Attribute))], cancellationToken);
        ColumnLabel[] labels =
        [
            .. columns.Select(column => _labels.Make(
                column with { Column = names.GetValueOrDefault(new ColumnKey(column.Relation, column.Attribute), column.Column) }, "statement", current.Picture.DatabaseNumber) with
            {
                Principal = origin.Principal,
                Digest = origin.Digest,
                RequestId = origin.RequestId,
            }),
        ];
        // It waits for the disk.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _labels.Change([], labels);
        return labels;
    }

    /// <inheritdoc/>
    public void SettleLabels(IReadOnlyList<ColumnLabel> labels)
    {
        string[] ids = [.. labels.Select(label => label.Id)];
        _ = Task.Run(() => SettleAsync(ids));
    }

    private async Task SettleAsync(string[] ids)
    {
        try
        {
            _labels!.Settle(ids);
            await GetFreshAsync(_kept.Stopped);
        }
        catch (Exception exception) when (exception is LabelStoreException or CatalogUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            // They go on waiting, for a day at most, and mask meanwhile.
        }
    }

    /// <summary>The names of columns, for people to read: a label without one is none the worse.</summary>
    private async Task<Dictionary<ColumnKey, string>> TryNameAsync(IReadOnlyCollection<ColumnKey> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        try
        {
            using var patience = new CancellationTokenSource(_timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _kept.Stopped);
            await using var connection = new CatalogConnection(_source, _target, _time);
            var names = await connection.UseAsync(
                (open, cancel) => new CatalogReader(open).ReadAsync(
                    CatalogQueries.NamesOfColumns,
                    row => KeyValuePair.Create(new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)),
                    cancel,
                    CatalogReader.Oids(columns.Select(column => column.Relation)),
                    CatalogReader.Attributes(columns.Select(column => column.Attribute))),
                either.Token);
            return names.DistinctBy(name => name.Key).ToDictionary();
        }
        catch (Exception exception) when (exception is CatalogUnavailableException or NpgsqlException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsSyntaxErrorAsync(string statement, bool standardConformingStrings, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _kept.Stopped);
        try
        {
            return await _syntax.RefusesAsync(statement, standardConformingStrings, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public LineageAnswer? FindLineage(in LineageQuestion question, ICatalogSnapshot snapshot) => _lineages.Find(question, snapshot);

    /// <inheritdoc/>
    public async ValueTask<LineageAnswer> AskLineageAsync(LineageQuestion question, ICatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _kept.Stopped);
        try
        {
            return await _lineages.AskAsync(question, (PostgresSnapshot)snapshot, IsStillAsync, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return LineageAnswer.NotNow("the catalog is closed");
        }

        // DDL that is under way may have been committed by now: then only a look tells.
        async ValueTask<bool> IsStillAsync(CancellationToken cancel) =>
            (IsFresh && ReferenceEquals(Current, snapshot)) || ReferenceEquals(await GetFreshAsync(cancel), snapshot);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountedRelation>> CountAsync(IReadOnlyCollection<Identifier> relations, CancellationToken cancellationToken)
    {
        if (relations.Count == 0)
            return [];
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _kept.Stopped);
        try
        {
            await using var connection = new CatalogConnection(_source, _target, _time);
            return await connection.UseAsync(
                async (open, cancel) => await new CatalogReader(open).ReadAsync(
                    CatalogQueries.RowEstimates, row => new CountedRelation(row.GetString(0), row.GetString(1), row.GetInt64(2)), cancel,
                    CatalogReader.Texts(relations.Select(relation => relation.Qualifier ?? "")), CatalogReader.Texts(relations.Select(relation => relation.Name))),
                either.Token);
        }
        catch (Exception exception) when (exception is CatalogUnavailableException or NpgsqlException or OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>The columns of the database that rules are bound to.</summary>
    internal IEnumerable<ColumnBinding> Bindings => _kept.Current is PostgresSnapshot { Picture.DatabaseNumber: var number }
        ? _bindings.Known.Where(binding => binding.Upstream == _bindings.Upstream && binding.DatabaseNumber == number)
        : [];

    /// <inheritdoc/>
    public async ValueTask<Foresight> ForeseeAsync(LineageQuestion question, Principal principal, bool involvesMasked, CancellationToken cancellationToken)
    {
        if (Current is not PostgresSnapshot snapshot)
            return Foresight.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _kept.Stopped);
        var (columns, note) = await ColumnsAsync(question, snapshot, snapshot.ViewFor(principal), involvesMasked, either.Token);
        var plan = question.Facts.Explains is not null ? null : await _plans.AskAsync(question, snapshot, principal.Login, either.Token);
        return Foresight.Of(columns, note, plan);
    }

    private async Task<(IReadOnlyList<ResultColumn> Columns, string Note)> ColumnsAsync(
        LineageQuestion question, PostgresSnapshot snapshot, ICatalogView view, bool involvesMasked, CancellationToken cancellationToken)
    {
        if (question.Facts.Explains is not null)
            return ([], "");
        try
        {
            var answer = await AskLineageAsync(question, snapshot, cancellationToken);
            if (answer.Lineage is not { } lineage || !ColumnExplanations.IsSeenThrough(lineage, view))
                return ([], ColumnExplanations.Unknown(answer, involvesMasked));
            var names = await NamesOfAsync(ColumnExplanations.Sources(lineage), cancellationToken);
            return ([.. lineage.Columns.Select(column => ColumnExplanations.Explain(column, view, involvesMasked, names).ToShown())], "");
        }
        catch (Exception exception) when (exception is CatalogUnavailableException or NpgsqlException or OperationCanceledException)
        {
            return ([], "The lineage of its columns was not had in time.");
        }
    }

    /// <summary>What people call these columns: schema, table and column. Those that are no more are left out.</summary>
    /// <exception cref="CatalogUnavailableException">The server cannot be asked.</exception>
    internal async Task<IReadOnlyDictionary<ColumnKey, string>> NamesOfAsync(IReadOnlyCollection<ColumnKey> columns, CancellationToken cancellationToken)
    {
        await using var connection = new CatalogConnection(_source, _target, _time);
        var names = await connection.UseAsync(
            (open, cancel) => new CatalogReader(open).ReadAsync(
                CatalogQueries.FullNamesOfColumns,
                row => KeyValuePair.Create(new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)),
                cancel,
                CatalogReader.Oids(columns.Select(column => column.Relation)),
                CatalogReader.Attributes(columns.Select(column => column.Attribute))),
            cancellationToken);
        return names.ToDictionary();
    }

    /// <summary>Ends the background look and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        await _connection.DisposeAsync();
        await _syntaxConnection.DisposeAsync();
        await _lineageConnection.DisposeAsync();
        await _planConnection.DisposeAsync();
        await _source.DisposeAsync();
        await _lineageSource.DisposeAsync();
        _lineages.Dispose();
        _plans.Dispose();
        _syntax.Dispose();
    }

    private void TellWhatIsUnkept()
    {
        var problem = _bindings.Problem;
        if (problem == _unkept)
            return;
        _diagnostics?.Invoke(problem is null
            ? $"what the columns of {_target} are masked by is kept again"
            : $"what the columns of {_target} are masked by cannot be kept: {problem} Statements that may change the catalog are refused until it can");
        _unkept = problem;
    }

    private async Task<ICatalogSnapshot> ReadAsync(IReadOnlyList<MaskingRule> rules, CancellationToken stopped)
    {
        try
        {
            stopped.ThrowIfCancellationRequested();
            var snapshot = await _connection.UseAsync((open, cancel) => _loader.LoadAsync(open, rules, _functions(), cancel), stopped);
            TellWhatIsUnkept();
            return snapshot;
        }
        catch (LabelStoreException broken)
        {
            throw new CatalogUnavailableException($"a column of {_target} needs a label: {broken.Message}", broken);
        }
        catch (PostgresException refusal)
        {
            // The transaction is broken; a new connection is simpler than mending it.
            await _connection.CloseAsync();
            throw new CatalogUnavailableException($"the catalog login cannot read {_target}: SQLSTATE {refusal.SqlState}", refusal);
        }
        catch (Exception exception) when (exception is not CatalogUnavailableException)
        {
            await _connection.CloseAsync();
            throw new CatalogUnavailableException(
                stopped.IsCancellationRequested ? $"the catalog of {_target} is closed" : $"the catalog login cannot read {_target}: {exception.GetType().Name}", exception);
        }
    }
}
