using System.Collections.Concurrent;
using System.Net.Sockets;
using Npgsql;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// Reads verifiers from pg_authid over the catalog login, on connections of its own that no client's start-up parameter reaches. Answers are kept for
/// <see cref="Lifetime"/>, so that a pool of connections opening at once asks once. One instance serves a listener.
/// </summary>
public sealed class CatalogVerifierSource : IScramVerifierSource, IAsyncDisposable
{
    /// <summary>How old an answer can be. A changed password fails once at most: a proof that does not fit forgets the answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int MostUsersKept = 10_000;

    /// <summary>Verifiers are shared by all databases of a server, so any that can be connected to will do.</summary>
    private static readonly string[] Databases = ["postgres", "template1"];

    private const string Query =
        """
        SELECT rolpassword, COALESCE(rolvaliduntil OPERATOR(pg_catalog.<) pg_catalog.clock_timestamp(), false)
        FROM pg_catalog.pg_authid WHERE rolname OPERATOR(pg_catalog.=) $1::pg_catalog.name
        """;

    private readonly ConcurrentDictionary<string, (long At, ScramVerifierLookup Answer)> _kept = new(StringComparer.Ordinal);
    private readonly NpgsqlDataSource[] _sources;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="options">Must have a catalog login.</param>
    /// <param name="time">For the age of answers.</param>
    public CatalogVerifierSource(ListenerOptions options, TimeProvider time)
    {
        _time = time;
        _timeout = options.Limits.CatalogTimeout;
        _sources = [.. Databases.Select(database => CreateSource(options, database))];
    }

    public async ValueTask<ScramVerifierLookup> FindAsync(string user, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(user, out var kept) && _time.GetElapsedTime(kept.At) < Lifetime)
            return kept.Answer;
        // Taken before the question, so that an answer is never thought younger than it is.
        var at = _time.GetTimestamp();
        var answer = await AskAsync(user, cancellationToken);
        if (answer is ScramVerifierLookup.Unavailable)
            return answer;
        if (_kept.Count >= MostUsersKept)
            _kept.Clear();
        _kept[user] = (at, answer);
        return answer;
    }

    public void Forget(string user) => _kept.TryRemove(user, out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }

    private async ValueTask<ScramVerifierLookup> AskAsync(string user, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            try
            {
                return await AskAsync(_sources[0], user, linked.Token);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                return await AskAsync(_sources[1], user, linked.Token);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return new ScramVerifierLookup.Unavailable(
                "the proxy's catalog login may not read password verifiers",
                "GRANT SELECT ON pg_catalog.pg_authid to the catalog login, or set upstreamTls to off, or connect with channel_binding=disable.");
        }
        catch (Exception exception)
            when (exception is NpgsqlException or SocketException or IOException or TimeoutException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ScramVerifierLookup.Unavailable(
                "the proxy's catalog login cannot read password verifiers now", "See the proxy's catalog: login and whether the database server accepts it.");
        }
    }

    private static async ValueTask<ScramVerifierLookup> AskAsync(NpgsqlDataSource source, string user, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Query);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || await reader.IsDBNullAsync(0, cancellationToken))
            return new ScramVerifierLookup.NoPassword();
        if (reader.GetBoolean(1))
            return new ScramVerifierLookup.Expired();
        return ScramVerifier.TryParse(reader.GetString(0), out var verifier)
            ? new ScramVerifierLookup.Found(verifier)
            : new ScramVerifierLookup.NoPassword();
    }

    private static NpgsqlDataSource CreateSource(ListenerOptions options, string database)
    {
        var login = options.Catalog ?? throw new ArgumentException("The listener has no catalog login.", nameof(options));
        var builder = new NpgsqlDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = options.Upstream.Host,
                Port = options.Upstream.Port,
                Username = login.Username,
                Password = login.Password,
                Database = database,
                ApplicationName = "wireguardian",
                MaxPoolSize = 4,
                Enlist = false,
                IncludeErrorDetail = false,
                SslMode = options.UpstreamTls.Mode switch
                {
                    TlsMode.Off => SslMode.Disable,
                    TlsMode.Prefer => SslMode.Prefer,
                    _ => SslMode.Require,
                },
            },
        };
        if (options.UpstreamTls.Mode != TlsMode.Off)
        {
            var tls = new UpstreamTlsHandshake(options.UpstreamTls, options.Upstream.Host, Startup.ClientStartup.ApplicationProtocol);
            builder.UseSslClientAuthenticationOptionsCallback(tls.Configure);
        }
        return builder.Build();
    }
}
