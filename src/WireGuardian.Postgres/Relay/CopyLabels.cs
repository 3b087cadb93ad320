using System.Text;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// What <c>copies: label</c> asks of a statement that copies masked values: that the columns which get them have a label before it is sent. Which those are its
/// lineage tells; where that is not known for sure, or code may copy unseen, it stays held.
/// </summary>
public sealed class CopyLabels(RelayState state, SessionContext context)
{
    private const StatementKinds Making = StatementKinds.Ddl | StatementKinds.Select | StatementKinds.Explain;
    private const StatementKinds Altering = StatementKinds.Ddl | StatementKinds.Privilege;
    private const StatementKinds Unseen = StatementKinds.Code | StatementKinds.Unclassified;

    /// <summary>What has to be known before the statement can be judged.</summary>
    public LineageInquiry Inquiry { get; } = new(context.Catalog);

    /// <summary>True while labels are made for what this session copies, whoever it belongs to: others read the copies.</summary>
    public bool IsInForce { get; private set; }

    /// <summary>Another policy is in force.</summary>
    public void Follow(Policy policy) =>
        IsInForce = policy.Copies == CopiesMode.Label && context.Catalog is not null && policy.MaskingFor(context.Listener).Count > 0;

    /// <summary>Finds the lineage of every statement of the text that copies. False when the server has to be asked first.</summary>
    public bool TryFindLineage(PreparedStatement statement, ICatalogSnapshot? snapshot)
    {
        if (!IsInForce || snapshot is null)
            return true;
        for (var index = 0; index < statement.Facts.Count; index++)
        {
            if (IsHidden(statement.Facts[index]) || !IsSeenToCopy(statement.Facts[index], snapshot.Unexempted) || Question(statement, index) is not { } question)
                continue;
            ref var known = ref statement.Lineages[index];
            // An answer for want of a better one serves until the text is judged.
            if (ReferenceEquals(known.Snapshot, snapshot) && !(known.Answer!.IsPassing && statement.Judgement is { IsPassing: true }))
                continue;
            if (Inquiry.Find(question, snapshot) is not { } answer)
            {
                statement.Judgement = null;
                return false;
            }
            known = (snapshot, answer);
        }
        return true;
    }

    /// <summary>
    /// The columns that have to be labelled before the statement is sent, none where it copies nothing masked; null where that is not known, so that it is held.
    /// </summary>
    /// <param name="statement">The text.</param>
    /// <param name="index">Which of its statements.</param>
    /// <param name="snapshot">The picture of the catalog.</param>
    /// <param name="byCode">It may copy otherwise than by what it is seen to store.</param>
    /// <param name="behindChanges">Statements before it in the same text may change what its names mean.</param>
    public IReadOnlyList<LabelledColumn>? Of(PreparedStatement statement, int index, ICatalogSnapshot snapshot, bool byCode, bool behindChanges)
    {
        var (facts, view) = (statement.Facts[index], snapshot.Unexempted);
        if (byCode || view.CopiesByCode(facts))
            return null;
        if (!view.Copies(facts))
            return Renamed(facts, snapshot);
        if (behindChanges || IsHidden(facts) || !IsSeenToCopy(facts, view) || Question(statement, index) is null
            || statement.Lineages[index].Answer is not { IsPassing: false } answer || snapshot.CopiesOf(facts, answer) is not { } columns)
            return null;
        return [.. columns.Where(column => !column.IsPending || !IsOpen(column))];
    }

    /// <summary>True where the transaction has changed what the names of the statement's query may mean, and nobody else can see that.</summary>
    private bool IsHidden(StatementFacts facts) => state.ChangedCatalog && !state.UncommittedCode.LeavesAlone(facts);

    /// <summary>
    /// True for what may take a relation out of its label's sight while the transaction that makes it is open: code that renames it, and a transaction that
    /// somebody else commits later.
    /// </summary>
    public bool Loses(StatementFacts facts, StatementKinds routines) =>
        IsInForce && state.OpenLabels.Count > 0 && (facts.PreparesTransaction || ((facts.Kinds | routines) & Unseen) != 0 || routines.HasFlag(StatementKinds.Ddl));

    /// <summary>True for a statement that copies by nothing but what it stores in relations that can be named.</summary>
    private static bool IsSeenToCopy(StatementFacts facts, ICatalogView view) =>
        facts.WriteSources.Count > 0 && facts.WriteSources.All(source => source.Target is not null) && view.Copies(facts) && !view.CopiesByCode(facts);

    /// <summary>What the server is asked for the lineage of what the statement stores; null where it cannot be asked.</summary>
    private static LineageQuestion? Question(PreparedStatement statement, int index)
    {
        var facts = statement.Facts[index];
        if (ResultLineage.IsQuery(facts))
            return ResultLineage.TryGetQuestion(statement, index, out var question) ? question : null;
        if (facts.IsOpaque || statement.Settings is not { } settings || !(settings.Encoding == PostgresTextEncoding.Utf8 || Ascii.IsValid(statement.Text)))
            return null;
        if (facts.Creates is { } created && facts.Kinds.HasFlag(StatementKinds.Ddl) && (facts.Kinds & ~Making) == 0)
            return new LineageQuestion(created.Query, facts, settings.StandardConformingStrings, default);
        return facts.Rewrites is { } rewritten && (facts.Kinds & ~Altering) == 0
            ? new LineageQuestion(rewritten.Query, facts, settings.StandardConformingStrings, default)
            : null;
    }

    /// <summary>A relation that the open transaction has made keeps its labels under its new name.</summary>
    private LabelledColumn[] Renamed(StatementFacts facts, ICatalogSnapshot snapshot) =>
        facts.Renames is not { } renamed
            ? []
            : [
                .. state.OpenLabels.Where(label => label.Column.Table == renamed.From.Name)
                    .Select(label => label.Column with { Table = renamed.To, Namesakes = snapshot.Namesakes(renamed.To) })
                    .Where(column => !IsOpen(column)),
            ];

    private bool IsOpen(LabelledColumn column) =>
        state.OpenLabels.Exists(label => label.Column.Table == column.Table && label.Column.Attribute == column.Attribute && label.Column.Covers(column));
}
