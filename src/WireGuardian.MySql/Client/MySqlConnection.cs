using System.Net.Sockets;
using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.MySql.Client;

/// <summary>
/// A connection of the proxy's own, for catalog reads: one command at a time, every wait and every result limited. A command throws
/// <see cref="ServerErrorException"/>, after which the connection goes on; after anything else it <see cref="IsBroken"/>:
/// <see cref="ProtocolException"/>, <see cref="IOException"/>, <see cref="SocketException"/>, <see cref="TimeoutException"/>, <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class MySqlConnection : IAsyncDisposable
{
    private readonly PacketChannel _server;
    private readonly CapabilityFlags _capabilities;
    private readonly MySqlClientOptions _options;
    private readonly TimeProvider _time;

    private MySqlConnection(PacketChannel server, Greeting greeting, CapabilityFlags capabilities, MySqlClientOptions options, TimeProvider time)
    {
        (_server, Version, ConnectionId) = (server, greeting.Version, greeting.ConnectionId);
        (_capabilities, _options, _time) = (capabilities, options, time);
    }

    public ServerVersion Version { get; }

    public uint ConnectionId { get; }

    /// <summary>What is on the wire is not known any more: to be disposed of.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Connects and logs in. Throws <see cref="LoginRefusedException"/> where the server cannot be reached or asks for what the proxy has not,
    /// <see cref="ServerErrorException"/> where it refuses the login, <see cref="ProtocolException"/>, <see cref="TimeoutException"/>.
    /// </summary>
    /// <param name="listener">Server, TLS and limits.</param>
    /// <param name="login">User and password.</param>
    /// <param name="database">The default database; empty for none.</param>
    /// <param name="options">Limits of this connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<MySqlConnection> ConnectAsync(
        ListenerOptions listener, CatalogLogin login, string database, MySqlClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connector = new UpstreamConnector(listener, time);
        var (server, greeting) = await connector.ConnectAsync(cancellationToken);
        try
        {
            var capabilities = await LimitedAsync(
                limited => new ClientLogin(connector, login, database, options.ProgramName).RunAsync(server, greeting, limited),
                listener.Limits.LoginTimeout, time, cancellationToken);
            server.ReadsAhead = true;
            return new MySqlConnection(server, greeting, capabilities, options, time);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one statement and reads its whole answer; of several results there is only the first.</summary>
    public Task<QueryResult> QueryAsync(string sql, CancellationToken cancellationToken) =>
        CommandAsync([(byte)Command.Query, .. Encoding.UTF8.GetBytes(sql)], results => results.ReadTextAsync(), cancellationToken);

    /// <summary>Has a statement prepared and forgotten again: nothing is executed. A statement that the server cannot read is a <see cref="ServerErrorException"/>.</summary>
    public async Task<PreparedShape> PrepareAsync(ReadOnlyMemory<byte> sql, CancellationToken cancellationToken)
    {
        var (id, shape) = await CommandAsync(
            [(byte)Command.StatementPrepare, .. sql.Span], results => results.ReadPreparedAsync(), cancellationToken);
        // This command has no answer.
        await CommandAsync(
            [(byte)Command.StatementClose, (byte)id, (byte)(id >> 8), (byte)(id >> 16), (byte)(id >> 24)], _ => Task.FromResult(0), cancellationToken);
        return shape;
    }

    /// <summary>Makes <paramref name="database"/> the default one.</summary>
    public Task UseDatabaseAsync(string database, CancellationToken cancellationToken) =>
        CommandAsync([(byte)Command.InitDb, .. Encoding.UTF8.GetBytes(database)], results => results.ReadOkAsync(), cancellationToken);

    /// <summary>Asks whether the server is there.</summary>
    public Task PingAsync(CancellationToken cancellationToken) =>
        CommandAsync([(byte)Command.Ping], results => results.ReadOkAsync(), cancellationToken);

    /// <summary>Says goodbye where that can be done at once, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!IsBroken)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
                _server.StartExchange();
                await _server.SendAsync(new[] { (byte)Command.Quit }, limit.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is closed in any case.
        }
        IsBroken = true;
        await _server.DisposeAsync();
    }

    private async Task<T> CommandAsync<T>(byte[] command, Func<ResultReader, Task<T>> read, CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new InvalidOperationException("the connection is broken");
        IsBroken = true;
        try
        {
            var result = await LimitedAsync(
                async limited =>
                {
                    _server.StartExchange();
                    await _server.SendAsync(command, limited);
                    return await read(new ResultReader(_server, _capabilities, _options, limited));
                },
                _options.CommandTimeout, _time, cancellationToken);
            IsBroken = false;
            return result;
        }
        catch (ServerErrorException)
        {
            IsBroken = false;
            throw;
        }
    }

    private static async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await work(linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the database server did not answer in time", exception);
        }
    }
}
