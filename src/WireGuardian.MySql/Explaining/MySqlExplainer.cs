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

    /// <summary>The columns, and the rules by which those that have no mask are looked into.</summary>
    private static IReadOnlyList<ExplainedColumn>? Columns(
        ResultShape shape, ICatalogView view, string? database, bool involves, Func<(string, string, string)?, DetectionRule?> looks)
    {
        if (ColumnExplanations.Of(shape, view, database, involves) is not { } columns)
            return null;
        var sources = view.Resolve(shape, database, columns.Count);
        return [.. columns.Select((column, index) => column.Mask is null ? column with { Detection = looks(sources?[index].Origin) } : column)];
    }
}
