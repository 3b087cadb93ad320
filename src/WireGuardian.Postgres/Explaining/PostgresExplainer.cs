using System.Text;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Explaining;
using WireGuardian.Proxy.Listening;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Explaining;

/// <summary>Says what would become of statements in a new session: by the same judge, the same lineage and the same rules as the relay's.</summary>
/// <param name="listener">The listener.</param>
/// <param name="policies">The policy.</param>
/// <param name="time">For pauses.</param>
/// <param name="labels">The labels that there are; none is made.</param>
public sealed class PostgresExplainer(ListenerOptions listener, PolicySource policies, TimeProvider time, LabelBook? labels = null) : IStatementExplainer
{
    private const string NoSql = "The server's own parser refuses the text, so it is sent on, and the client gets the server's error. Nothing of it runs.";

    private PostgresCatalog? _catalog;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StatementExplanation>> ExplainAsync(string sql, Principal principal, string? database, CancellationToken cancellationToken)
    {
        // The server's own rule: without a database, the one that is called like the login.
        database ??= principal.Login;
        if (_catalog is null && listener.Catalog is not null)
        {
            _catalog = new PostgresCatalog(
                listener, database, () => policies.Current.Masking, time,
                functions: () => policies.Current.Functions, labels: labels is null ? null : new CatalogLabels(labels, () => false), detection: () => policies.Current.Detection);
        }
        var snapshot = _catalog is null ? null : (PostgresSnapshot)await SnapshotAsync(_catalog, cancellationToken);
        var view = snapshot?.ViewFor(principal);

        var state = new RelayState();
        var context = new SessionContext(listener.Name, principal, database, policies, _catalog, MaskKey.Random());
        var judge = new StatementJudge(context, state);
        var text = Encoding.UTF8.GetBytes(sql);
        var explanations = new List<StatementExplanation>();
        var isNoSql = _catalog is not null && PostgresAnalyzer.Analyze(text, state.Settings).Any(facts => facts.Kinds.HasFlag(StatementKinds.Unclassified))
            && await _catalog.IsSyntaxErrorAsync(sql, state.Settings.StandardConformingStrings, cancellationToken);
        foreach (var whole in PostgresAnalyzer.Analyze(text, state.Settings))
        {
            // Read again by itself, so that places in it are counted from its own beginning.
            var statement = PreparedStatement.Read(text[whole.Text], state.Settings);
            if (statement.Facts is not [var facts])
                continue;
            Judgement? judgement;
            while ((judgement = judge.TryJudge(statement, snapshot)) is null)
            {
                var inquiry = judge.OpenInquiry!;
                var wanted = inquiry.Wanted!.Value;
                inquiry.WasAsked(await _catalog!.AskLineageAsync(wanted.Question, wanted.Snapshot, cancellationToken));
            }
            var shown = LiteralMasker.Mask(statement.Text, state.Settings);
            if (isNoSql)
            {
                explanations.Add(new(shown, judgement.Verdict with { Action = RuleAction.Allow, Rule = null, Reason = "" }, judgement.InvolvesMasked, null, NoSql));
                continue;
            }
            var question = QuestionOf(statement, judgement);
            if (snapshot is null || view is null || question is null)
            {
                explanations.Add(new(shown, judgement.Verdict, judgement.InvolvesMasked, null, WithoutColumns(snapshot, judgement)) { Labels = LabelsOf(judgement) });
                continue;
            }
            var answer = await _catalog!.AskLineageAsync(question.Value, snapshot, cancellationToken);
            if (facts.Explains is not null)
                explanations.Add(new(shown, judgement.Verdict, judgement.InvolvesMasked, null, Plan(answer, facts, view, judgement)) { Labels = LabelsOf(judgement) });
            else if (answer.Lineage is { } lineage && ColumnExplanations.IsSeenThrough(lineage, view))
                explanations.Add(new(shown, judgement.Verdict, judgement.InvolvesMasked, await ColumnsAsync(lineage, snapshot, view, judgement.InvolvesMasked, Looks, cancellationToken), Labels(lineage, snapshot)) { Labels = LabelsOf(judgement) });
            else
                explanations.Add(new(shown, judgement.Verdict, judgement.InvolvesMasked, null, ColumnExplanations.Unknown(answer, judgement.InvolvesMasked)) { Labels = LabelsOf(judgement) });
        }
        return [.. explanations.Select(one => one.Columns is null ? one with { Detection = Looks(null) } : one)];

        DetectionRule? Looks((string, string, string)? origin) => DetectionRule.Find(judge.Detection, origin, principal);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _catalog?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ICatalogSnapshot> SnapshotAsync(PostgresCatalog catalog, CancellationToken cancellationToken)
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

    /// <summary>What the relay would ask about the statement's result; null where that is none whose lineage can be had.</summary>
    private static LineageQuestion? QuestionOf(PreparedStatement statement, Judgement judgement) =>
        ResultLineage.TryGetQuestion(statement, 0, out var question) ? question : judgement.Named is [{ } named] ? named.Question() : null;

    private static string Plan(LineageAnswer answer, StatementFacts facts, ICatalogView view, Judgement judgement) =>
        !judgement.InvolvesMasked ? ""
        : LineageRules.PlanIsClear(answer, facts.Kinds != StatementKinds.Explain, view) ? "The plan is shown: no masked column chooses rows in it."
        : "The plan is redacted as a whole: a masked column may choose rows in it, or show in what is computed in advance.";

    private static string Labels(StatementLineage lineage, PostgresSnapshot snapshot)
    {
        var labels = lineage.Functions.Select(snapshot.Functions.LabelOf).OfType<LabelledFunction>().Select(labelled => labelled.Label).Concat(lineage.Labels);
        var shown = string.Join(", ", labels.Select(label => $"{label} ({label.Result.ToString().ToLowerInvariant()})").Distinct().Order(StringComparer.Ordinal));
        return shown.Length == 0 ? "" : $"By the configuration's functions: {shown}.";
    }

    private static IReadOnlyList<ExplainedLabel> LabelsOf(Judgement judgement) =>
        [.. judgement.Labels.Select(label => new ExplainedLabel(label.FullName, label.Rules, label.IsDerived, label.Sources))];

    private static string WithoutColumns(PostgresSnapshot? snapshot, Judgement judgement) =>
        snapshot is null ? "The listener has no catalog login, so nothing is masked."
        : judgement.InvolvesMasked ? "What it returns that is not a plain column of a table is redacted as a whole."
        : "";

    private async Task<IReadOnlyList<ExplainedColumn>> ColumnsAsync(
        StatementLineage lineage, PostgresSnapshot snapshot, ICatalogView view, bool involves, Func<(string, string, string)?, DetectionRule?> looks,
        CancellationToken cancellationToken)
    {
        // The server tells a column of a view as the view's.
        var hasViews = lineage.Relations.Any(oid => snapshot.Picture.Relations.TryGetValue(oid, out var relation) && relation.IsView);
        var names = await _catalog!.NamesOfAsync(ColumnExplanations.Sources(lineage), cancellationToken);
        return
        [
            .. lineage.Columns.Select(column =>
            {
                var explained = WithLabel(ColumnExplanations.Explain(column, view, involves, names), column.Lineage);
                var origin = !hasViews && column.Lineage is { IsPlain: true, Columns.Count: 1 } && column.Lineage.Columns.First() is var key
                    ? snapshot.NameOf(key.Relation, key.Attribute)
                    : null;
                return explained.Mask is null ? explained with { Detection = looks(origin) } : explained;
            }),
        ];
    }

    /// <summary>Says of a column that a label masks how it came to have one.</summary>
    private ExplainedColumn WithLabel(ExplainedColumn column, ColumnLineage lineage)
    {
        if (column.Mask is null)
            return column;
        if (labels?.All.FirstOrDefault(label => IsOf(lineage, label.Column.Relation, label.Column.Attribute)) is not { } found)
            return WithBinding(column, lineage);
        var from = found.Column.Sources.Count > 0 ? $"values of {string.Join(", ", found.Column.Sources)}" : "masked values";
        return column with { Why = $"{column.Why} Label {found.Id}: {found.Column.FullName} holds {from}, since {found.Since:u}." };
    }

    /// <summary>Says of a column that a rule masks under another name, or for another table, what the rule names.</summary>
    private ExplainedColumn WithBinding(ExplainedColumn column, ColumnLineage lineage)
    {
        if (_catalog!.Bindings.FirstOrDefault(binding => binding.IsHidden && IsOf(lineage, binding.Relation, binding.Attribute)) is not { } found)
            return column;
        var what = found.Sources.Contains(found.Name) ? $"was {found.Name} when the rule was bound to it"
            : $"{(found.IsRemembered ? "has had" : "has")} {(found.IsDerived ? "what is computed from values of" : "values of")} {(found.Sources.Count > 0 ? string.Join(", ", found.Sources) : "masked columns")}";
        return column with { Why = $"{column.Why} {found.Present} {what}, since {found.Since:u}." };
    }

    private static bool IsOf(ColumnLineage lineage, uint relation, short attribute) => lineage.Columns.Any(key => key.Whole == new ColumnKey(relation, attribute));
}
