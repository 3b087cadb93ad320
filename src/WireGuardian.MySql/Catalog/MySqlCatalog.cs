using System.Globalization;
using System.Net.Sockets;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>The catalog of a listener's server, read over the listener's catalog login. Nothing is asked before the first session needs it.</summary>
public sealed class MySqlCatalog : IServerCatalog, IAsyncDisposable
{
    private const ushort NoSuchThread = 1094;
    private const ushort KillDenied = 1095;

    private readonly string _listener;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly MySqlConnections _connections;
    private readonly ColumnBindings _bindings = new();
    private readonly KeptCatalog<ICatalogSnapshot> _kept;
    private Concluded? _concluded;

    /// <param name="listener">Where the server is and how to log in; it has a catalog login.</param>
    /// <param name="rules">The masking rules in force, of all listeners; a new list when the configuration was reloaded.</param>
    /// <param name="time">For pauses and the background look.</param>
    /// <param name="options">How often to look; null for the defaults.</param>
    /// <param name="diagnostics">Told, in a sentence without values, when the catalog stops and starts to answer; may be null.</param>
    public MySqlCatalog(
        ListenerOptions listener, Func<IReadOnlyList<MaskingRule>> rules, TimeProvider time, MySqlCatalogOptions? options = null, Action<string>? diagnostics = null)
    {
        var login = listener.Catalog ?? throw new ArgumentException($"listener {listener.Name} has no catalog login", nameof(listener));
        options ??= new();
        _listener = listener.Name;
        (_time, _timeout) = (time, listener.Limits.CatalogTimeout);
        _connections = new(listener, login, new() { CommandTimeout = listener.Limits.CatalogTimeout }, options.MaxConnections, time);
        _kept = new KeptCatalog<ICatalogSnapshot>(ReadAsync, new()
        {
            Rules = rules,
            Timeout = listener.Limits.CatalogTimeout,
            PollInterval = options.PollInterval,
            Time = time,
            Diagnostics = diagnostics,
            Name = $"listener {listener.Name}",
            NoAnswer = "the catalog login got no answer in time (limits.catalogTimeout)",
        });
    }

    private sealed record Concluded(MySqlSnapshot Snapshot, CatalogPicture Picture, string Fingerprint, IReadOnlyList<MaskingRule> Rules);

    /// <inheritdoc/>
    public ICatalogSnapshot? Current => _kept.Current;

    /// <summary>Which server it is; known once <see cref="Current"/> is there.</summary>
    public MySqlServerVersion Server { get; private set; }

    /// <inheritdoc/>
    public bool IsFresh => _kept.IsFresh;

    /// <inheritdoc/>
    public ValueTask<ICatalogSnapshot> GetFreshAsync(CancellationToken cancellationToken) => _kept.GetFreshAsync(cancellationToken);

    /// <inheritdoc/>
    public void BeginChange() => _kept.BeginChange();

    /// <inheritdoc/>
    public void MayHaveSwapped(IReadOnlyCollection<Identifier> names) => _bindings.MayHaveSwapped(names);

    /// <inheritdoc/>
    public void EndChange() => _kept.EndChange();

    /// <inheritdoc/>
    public async ValueTask<bool> IsSyntaxErrorAsync(ReadOnlyMemory<byte> sql, MySqlSqlSettings settings, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _kept.Stopped);
        try
        {
            await using var lease = await _connections.RentAsync(either.Token);
            return await SyntaxOracle.RefusesAsync(lease.Connection, sql, settings, either.Token);
        }
        catch (Exception exception) when (exception is CatalogLoginException or ServerErrorException or ProtocolException or IOException or SocketException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountedRelation>> CountAsync(IReadOnlyCollection<Identifier> relations, string database, CancellationToken cancellationToken)
    {
        if (relations.Count == 0)
            return [];
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _kept.Stopped);
        try
        {
            await using var lease = await _connections.RentAsync(either.Token);
            var rows = await lease.Connection.QueryAsync(RowEstimates.Query(relations, database), either.Token);
            return [.. RowEstimates.Read(rows)];
        }
        catch (Exception exception) when (exception is CatalogLoginException or ServerErrorException or ProtocolException or IOException or SocketException or TimeoutException
            or OperationCanceledException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> KillQueryAsync(ulong connectionId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _kept.Stopped);
        try
        {
            await using var lease = await _connections.RentAsync(either.Token);
            await lease.Connection.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"KILL QUERY {connectionId}"), either.Token);
            return null;
        }
        catch (ServerErrorException refusal)
        {
            return refusal.Code switch
            {
                NoSuchThread => "it has ended the connection",
                KillDenied => "the catalog login may not kill it",
                _ => string.Create(CultureInfo.InvariantCulture, $"error {refusal.Code} for the catalog login"),
            };
        }
        catch (Exception exception) when (exception is CatalogLoginException or ProtocolException or IOException or SocketException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "the catalog login got no answer";
        }
    }

    /// <summary>Ends the background look and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        await _connections.DisposeAsync();
    }

    private async Task<ICatalogSnapshot> ReadAsync(IReadOnlyList<MaskingRule> rules, CancellationToken stopped)
    {
        try
        {
            stopped.ThrowIfCancellationRequested();
            await using var lease = await _connections.RentAsync(stopped);
            var rows = await CatalogLoader.LoadAsync(lease.Connection, stopped);
            _concluded = Conclude(rows, lease.Connection.Version, rules, _concluded);
            return _concluded.Snapshot;
        }
        catch (Exception exception) when (exception is CatalogLoginException or ServerErrorException)
        {
            throw new CatalogUnavailableException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is ProtocolException or IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            throw new CatalogUnavailableException(
                stopped.IsCancellationRequested ? "the catalog is closed" : $"the catalog login cannot read the catalog: {exception.GetType().Name}", exception);
        }
    }

    /// <summary>A picture that shows nothing new is the one before: what was concluded from that stays.</summary>
    private Concluded Conclude(CatalogRows rows, ServerVersion version, IReadOnlyList<MaskingRule> rules, Concluded? before)
    {
        var fingerprint = rows.Fingerprint();
        if (before is not null && before.Fingerprint == fingerprint && ReferenceEquals(before.Rules, rules) && !_bindings.HasNews)
            return before;
        Server = new MySqlServerVersion(version.Flavour == ServerFlavour.MariaDb ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, version.CommentVersion);
        var picture = before is not null && before.Fingerprint == fingerprint ? before.Picture : CatalogPicture.Create(rows, Server);
        var own = rules.Where(rule => rule.AppliesTo(_listener)).ToArray();
        return new(new MySqlSnapshot(picture, _bindings.Settle(picture, own), own), picture, fingerprint, rules);
    }
}
