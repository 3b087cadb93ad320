using System.Text;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Relay;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Explaining;
using WireGuardian.Proxy.Listening;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Explaining;

/// <summary>Says what would become of statements in a new session: by the same judge and the same reading of select lists as the relay's.</summary>
public sealed class MySqlExplainer(ListenerOptions listener, PolicySource policies, TimeProvider time) : IStatementExplainer
{
    private const int NoPreparedStatements = 1;

    private readonly MySqlCatalog? _catalog = listener.Catalog is null ? null : new(listener, () => policies.Current.Masking, time);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StatementExplanation>> ExplainAsync(string sql, Principal principal, string? database, CancellationToken cancellationToken)
    {
        var view = _catalog is null ? null : (await SnapshotAsync(_catalog, cancellationToken)).ViewFor(principal);
        var settings = MySqlSqlSettings.For(_catalog?.Server ?? default);
        var state = new RelayState(principal, database, settings, default, NoPreparedStatements);
        using var key = new PasswordKey();
        var context = new SessionContext(
            listener.Name, policies, _catalog, MaskKey.Random(), default, settings.Server, 0, listener.LocalInfile, default, key);
        var judge = new StatementJudge(context, state);
        var text = Encoding.UTF8.GetBytes(sql);
        var explanations = new List<StatementExplanation>();
        foreach (var statement in MySqlAnalyzer.Analyze(text, settings))
        {
            var bytes = text[statement.Facts.Text];
            var judgement = judge.TryJudge(new SessionStatement(bytes, [statement], settings, database), view)!;
            DetectionRule? Looks((string, string, string)? origin) => DetectionRule.Find(judge.Detection, origin, principal);
            var columns = view is null || statement.Shape is not { } shape ? null : Columns(shape, view, database, judgement.InvolvesMasked, Looks);
            explanations.Add(new(LiteralMasker.Mask(bytes, settings), judgement.Verdict, judgement.InvolvesMasked, columns, Note(view, columns, judgement))
            {
                Detection = columns is null ? Looks(null) : null,
            });
        }
        return explanations;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _catalog?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ICatalogSnapshot> SnapshotAsync(MySqlCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.GetFreshAsync(cancellationToken);
        }
        catch (CatalogUnavailableException unavailable)
        {
            throw new ExplanationException(unavailable.Message, unavailable);
        }
    }

    private static string Note(ICatalogView? view, IReadOnlyList<ExplainedColumn>? columns, Judgement judgement) =>
        view is null ? "The listener has no catalog login, so nothing is masked."
        : columns is null && judgement.InvolvesMasked ? "Where its columns come from cannot be told from its text: if it returns rows, every column is redacted as a whole."
        : "";

    /// <summary>What stars stand for is known only with the result; their columns have the masks of their own rules.</summary>
    private static IReadOnlyList<ExplainedColumn>? Columns(
        ResultShape shape, ICatalogView view, string? database, bool involves, Func<(string, string, string)?, DetectionRule?> looks)
    {
        // A UNION's columns are called what its first query calls them.
        var items = shape.Blocks[0].Items;
        if (items.Any(item => item.Kind is ResultItemKind.Star or ResultItemKind.RelationStar))
            return null;
        var sources = view.Resolve(shape, database, items.Count);
        return
        [
            .. items.Select((item, index) =>
            {
                var explained = Explain(item, sources?[index], involves);
                return explained.Mask is null ? explained with { Detection = looks(sources?[index].Origin) } : explained;
            }),
        ];
    }

    private static ExplainedColumn Explain(ResultItem item, ColumnSource? source, bool involves)
    {
        var name = item.Name ?? item.Column ?? "";
        if (!involves)
            return new(name, Kind(item), [], null, "", "The statement involves no masked column.");
        if (source is not { IsPlain: true } plain)
            return new(name, "unknown", [], MaskKind.Redact, "masking", "It may be computed from a masked column; redacted as a whole.");
        string[] columns = item.Column is null ? [] : [item.Column];
        return plain.Rule is { } rule
            ? new(name, "plain", columns, rule.Mask, rule.Name, $"It is a column that rule \"{rule.Name}\" masks.")
            : new(name, Kind(item), columns, null, "", item.Kind switch
            {
                ResultItemKind.Column => "It is a column that no rule masks.",
                ResultItemKind.Computed => "It is computed from columns that no rule masks.",
                _ => "It comes from no column.",
            });
    }

    private static string Kind(ResultItem item) => item.Kind switch
    {
        ResultItemKind.Column or ResultItemKind.Constant => "plain",
        ResultItemKind.Computed => "derived",
        _ => "unknown",
    };
}
