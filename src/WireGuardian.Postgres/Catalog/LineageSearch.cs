using WireGuardian.Postgres.Lineage;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Catalog;

/// <summary>One question on its way to an answer: the statement under each meaning that its names can have, and the bodies of the functions that it calls.</summary>
/// <param name="oracle">Asks the server.</param>
/// <param name="snapshot">The picture of the catalog that the answer is for.</param>
/// <param name="known">Bodies that earlier questions under the same picture found.</param>
internal sealed class LineageSearch(QueryTreeOracle oracle, PostgresSnapshot snapshot, IReadOnlyDictionary<uint, FunctionBody?> known)
{
    /// <summary>How deep functions that call functions are followed.</summary>
    private const int Deepest = 8;

    private const int MostBodies = 64;

    /// <summary>Names of arguments in one body.</summary>
    private const int MostArguments = 40;

    private readonly Dictionary<uint, FunctionBody?> _found = new(known);
    private readonly HashSet<uint> _open = [];
    private int _looked;

    /// <summary>Bodies that were found, those that were known before included.</summary>
    public IReadOnlyDictionary<uint, FunctionBody?> Found => _found;

    /// <summary>Throws <see cref="Proxy.Catalog.CatalogUnavailableException"/> where the server cannot be asked at all.</summary>
    public Task<LineageAnswer> AskAsync(LineageQuestion question, CancellationToken cancellationToken) => AskAsync(question, null, cancellationToken);

    /// <param name="question">A statement.</param>
    /// <param name="function">The function whose body it is; null for a session's own.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    private async Task<LineageAnswer> AskAsync(LineageQuestion question, FunctionSource? function, CancellationToken cancellationToken)
    {
        if (snapshot.Names.SearchPathsFor(question.Facts, question.Sql.Span, out var why) is not { } paths)
            return LineageAnswer.Unknown(why);
        StatementLineage? all = null;
        LineageAnswer? refused = null;
        foreach (var path in paths)
        {
            var tree = await AskAsync(question, path, function, cancellationToken);
            if (tree.Tree is null && !tree.IsFinal)
                return LineageAnswer.NotNow(tree.Why);
            if (tree.Tree is null)
            {
                // Under a meaning that the server refuses no session runs it.
                refused = LineageAnswer.Unknown(tree.Why);
                if (paths.Count > 1 && tree.CannotRun && snapshot.Names.SeesAllOf(path))
                    continue;
                return refused;
            }
            StatementLineage one;
            try
            {
                one = await ReadAsync(tree.Tree, function is not null, cancellationToken);
            }
            catch (ProtocolException unreadable)
            {
                return LineageAnswer.Unknown(unreadable.Message);
            }
            if (!path.IsThatOf(one, snapshot.Picture))
                return LineageAnswer.Unknown("the catalog login finds something else under one of its names");
            all = all is null ? one : all.Or(one);
            if (all is null)
                return LineageAnswer.Unknown("its columns are others where its names mean something else");
        }
        return all is null ? refused! : LineageAnswer.Known(all);
    }

    /// <summary>The tree under one meaning. Names of a function's arguments are what the server does not find.</summary>
    private async Task<QueryTreeAnswer> AskAsync(LineageQuestion question, SearchPath path, FunctionSource? function, CancellationToken cancellationToken)
    {
        var answer = await oracle.AskAsync(question, path.Schemas, snapshot, cancellationToken);
        for (var count = 0; function is not null && answer.CannotRun && count < MostArguments; count++)
        {
            if (function.WithParameter(question.Sql.Span, answer.Position) is not { } sql)
                break;
            question = question with { Sql = sql };
            answer = await oracle.AskAsync(question, path.Schemas, snapshot, cancellationToken);
        }
        return answer;
    }

    /// <summary>Reads a tree, until no body is missing of what it calls.</summary>
    private async Task<StatementLineage> ReadAsync(string tree, bool isBody, CancellationToken cancellationToken)
    {
        while (true)
        {
            var functions = new FollowingFunctions(snapshot.Functions, _found, _open);
            var lineage = LineageReader.Read(tree, functions, isBody);
            if (functions.Missing.Count == 0)
                return lineage;
            await FindBodiesAsync(functions.Missing, cancellationToken);
        }
    }

    private async Task FindBodiesAsync(IReadOnlySet<uint> functions, CancellationToken cancellationToken)
    {
        var sources = await oracle.ReadBodiesAsync(functions, cancellationToken);
        foreach (var function in functions)
        {
            if (_found.ContainsKey(function))
                continue;
            _found[function] = null;
            if (sources.FirstOrDefault(source => source.Oid == function) is not { } source || _open.Count >= Deepest || ++_looked > MostBodies)
                continue;
            _open.Add(function);
            _found.Remove(function);
            var body = await FindBodyAsync(source, cancellationToken);
            _open.Remove(function);
            _found[function] = body;
        }
    }

    private async Task<FunctionBody?> FindBodyAsync(FunctionSource source, CancellationToken cancellationToken)
    {
        // What it returns may have to be converted to the type that it was declared with.
        if (source.Question() is not { } question || snapshot.Functions.OfConversion(0, 0) != FunctionLineage.Computes)
            return null;
        var answer = await AskAsync(question, source, cancellationToken);
        if (answer.IsPassing)
            throw new Proxy.Catalog.CatalogUnavailableException(answer.Why);
        if (answer.Lineage is not { RuleResults.Count: 0, Writes.Count: 0 } lineage)
            return null;
        return new()
        {
            ParameterCount = source.ArgumentTypes.Count,
            Columns = [.. lineage.Columns.Select(column => column.Lineage)],
            Predicates = lineage.Predicates,
            IsStrict = source.IsStrict,
            Relations = lineage.Relations,
            Functions = lineage.Functions,
            Reads = lineage.Reads,
        };
    }
}
