using Npgsql;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Where the columns of statements' results come from, in one database: from the cache, or from the server.</summary>
internal sealed class StatementLineages(CatalogConnection connection, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly QueryTreeOracle _oracle = new(connection);
    private volatile LineageCache? _cache;

    /// <summary>The answer that is at hand for this picture of the catalog; null where the server has to be asked. Allocates nothing.</summary>
    public LineageAnswer? Find(in LineageQuestion question, ICatalogSnapshot snapshot) =>
        _cache is { } cache && ReferenceEquals(cache.Snapshot, snapshot) ? cache.Find(question) : null;

    /// <summary>Asks the server, and keeps the answer. Never throws for what the server does.</summary>
    /// <param name="question">The statement.</param>
    /// <param name="snapshot">The picture of the catalog that its answer is for.</param>
    /// <param name="isStill">Says, after the server was asked, whether the picture is still that of the database.</param>
    public async Task<LineageAnswer> AskAsync(
        LineageQuestion question, PostgresSnapshot snapshot, Func<CancellationToken, ValueTask<bool>> isStill, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var search = new LineageSearch(_oracle, snapshot, CacheFor(snapshot).Bodies);
            var answer = await search.AskAsync(question, either.Token);
            if (!await isStill(either.Token))
                return LineageAnswer.NotNow("the catalog changed while the server was asked");
            if (answer.IsPassing)
                return answer;
            var cache = CacheFor(snapshot);
            cache.Keep(search.Found);
            cache.Keep(question, answer);
            return answer;
        }
        catch (CatalogUnavailableException unavailable)
        {
            return LineageAnswer.NotNow(unavailable.Message);
        }
        catch (PostgresException refusal)
        {
            return LineageAnswer.NotNow($"the catalog login could not read a function's body: SQLSTATE {refusal.SqlState}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return LineageAnswer.NotNow("the catalog login did not answer in time");
        }
    }

    public void Dispose() => _oracle.Dispose();

    private LineageCache CacheFor(ICatalogSnapshot snapshot)
    {
        var cache = _cache;
        if (cache is null || !ReferenceEquals(cache.Snapshot, snapshot))
            _cache = cache = new LineageCache(snapshot);
        return cache;
    }
}
