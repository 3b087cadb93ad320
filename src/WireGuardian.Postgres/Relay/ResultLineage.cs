using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Finds the lineage of the result that is being described, where it is sure to be that of what the server runs: the statement's text was read as the server read
/// it, it was judged (or bound) under the same picture of the catalog as its rows are masked by, and the transaction has changed nothing that others cannot see.
/// </summary>
public sealed class ResultLineage(RelayState state, IDatabaseCatalog? catalog)
{
    private const StatementKinds Queries = StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge;
    private const StatementKinds Others = StatementKinds.Explain | StatementKinds.Export | StatementKinds.Ddl | StatementKinds.Unclassified;

    /// <summary>What has to be known before the description can be dealt with.</summary>
    public LineageInquiry Inquiry { get; } = new(catalog);

    /// <summary>True when the result's lineage may be found at all.</summary>
    public bool CanFind(in Request request) => catalog is not null && !state.ChangedCatalog && TryGetIndex(request, out _);

    /// <summary>Finds the lineage. False when the server has to be asked first.</summary>
    /// <param name="request">The request whose result is described; <see cref="CanFind"/> holds.</param>
    /// <param name="snapshot">The picture that the rows are masked by.</param>
    /// <param name="view">The same, as it concerns the session.</param>
    /// <param name="answer">The lineage, for EXPLAIN that of the query whose plan is shown; null where it cannot be had.</param>
    public bool TryFind(in Request request, ICatalogSnapshot snapshot, ICatalogView view, out LineageAnswer? answer)
    {
        answer = null;
        if (!TryGetIndex(request, out var index))
            return true;
        var statement = request.Statement!;
        if (IsNamed(statement.Facts[index]))
            return OnlyMeaning(request, index, view) is not { } named || TryAsk(named.Question(), snapshot, out answer);
        if (!IsOfPicture(request, view))
            return true;
        ref var known = ref statement.Lineages[index];
        if (ReferenceEquals(known.Snapshot, snapshot) && !known.Answer!.IsPassing)
        {
            answer = known.Answer;
            return true;
        }
        if (!TryAsk(Question(statement, index), snapshot, out answer))
            return false;
        if (!answer!.IsPassing)
            known = (snapshot, answer);
        return true;
    }

    /// <summary>The same for COPY (query) TO STDOUT, whose columns were described on the session's own connection under the same picture. False when the server has to be asked first.</summary>
    public bool TryFindOfCopy(in Request request, ICatalogSnapshot snapshot, ICatalogView view, out LineageAnswer? answer)
    {
        answer = null;
        return catalog is null || state.ChangedCatalog || !ReferenceEquals(request.Judgement?.View, view)
            || request.Statement is not { CopyOut.IsQuery: true } statement || !TryGetQuestion(statement, 0, out var question)
            || TryAsk(question, snapshot, out answer);
    }

    /// <summary>True where what is described is the plan of a query, and not its result.</summary>
    public static bool IsPlan(in Request request) => TryGetIndex(request, out var index) && request.Statement!.Facts[index].Explains is not null;

    /// <summary>True where the query of the plan that is described is run.</summary>
    public static bool RunsPlan(in Request request) => TryGetIndex(request, out var index) && request.Statement!.Facts[index].Kinds != StatementKinds.Explain;

    /// <summary>True for a statement whose tree the server prints.</summary>
    internal static bool IsQuery(StatementFacts facts) =>
        !facts.IsOpaque && (facts.Kinds & Queries) != 0 && (facts.Kinds & Others) == 0 && facts.ExecutesPrepared is null && facts.FetchesCursor is null;

    /// <summary>What the server can be asked about a statement of the text: a query, the query of EXPLAIN, that of COPY. False where there is none such.</summary>
    internal static bool TryGetQuestion(PreparedStatement statement, int index, out LineageQuestion question)
    {
        question = default;
        if (statement.Settings is not { } settings || index >= statement.Facts.Count || !IsReadable(statement, settings))
            return false;
        var facts = statement.Facts[index];
        if (facts is { IsOpaque: false, CopyOut: { IsQuery: true } copy })
            question = new(copy.Describing, facts, settings.StandardConformingStrings, statement.ParameterTypes);
        else if (IsQuery(facts) || IsExplain(facts))
            question = Question(statement, index);
        else
            return false;
        return true;
    }

    private static LineageQuestion Question(PreparedStatement statement, int index) => new(
        statement.Text.AsMemory(statement.Facts[index].Explains ?? statement.Facts[index].Text), statement.Facts[index],
        statement.Settings!.StandardConformingStrings, statement.ParameterTypes);

    /// <summary>True for EXECUTE and FETCH: their columns are those of what a name stands for.</summary>
    private static bool IsNamed(StatementFacts facts) =>
        !facts.IsOpaque && facts.Kinds == StatementKinds.Select && (facts.ExecutesPrepared is not null || facts.FetchesCursor is not null);

    /// <summary>True for EXPLAIN of a statement whose tree the server prints.</summary>
    internal static bool IsExplain(StatementFacts facts) =>
        !facts.IsOpaque && facts.Explains is not null && (facts.Kinds & ~(Queries | StatementKinds.Explain)) == 0 && facts.ExecutesPrepared is null;

    /// <summary>Which statement of the text the result is of; false where that is none whose tree the server prints.</summary>
    private static bool TryGetIndex(in Request request, out int index)
    {
        index = request.Kind == RequestKind.Query ? request.Ended : 0;
        return !request.MasksEverything && request.Statement is { Settings: { } settings } statement && index < statement.Facts.Count && IsReadable(statement, settings)
            && (IsQuery(statement.Facts[index]) || IsNamed(statement.Facts[index]) || IsExplain(statement.Facts[index]));
    }

    private static bool IsReadable(PreparedStatement statement, PostgresSqlSettings settings) => settings.Encoding == PostgresTextEncoding.Utf8 || Ascii.IsValid(statement.Text);

    private static bool IsOfPicture(in Request request, ICatalogView view) =>
        ReferenceEquals((request.Judgement ?? request.Statement?.Judgement)?.View, view)
        && (request.Kind == RequestKind.Query || (request.Portal is { } portal && ReferenceEquals(portal.BoundUnder, view)));

    /// <summary>
    /// What EXECUTE runs or FETCH reads, as the judge found it: names may be given away by messages that were sent since. A cursor reads what its query's names meant when it
    /// was opened; the names of a prepared statement are looked up when it is run. What EXECUTE hands to its parameters is taken for constants, so it must not reach masked columns.
    /// </summary>
    private static NamedQuery? OnlyMeaning(in Request request, int index, ICatalogView view)
    {
        if (request.Judgement is not { Named: { } all } judgement || !ReferenceEquals(judgement.View, view) || all[index] is not { } named)
            return null;
        return MeansTheSame(named, request.Statement!.Facts[index], view) && IsReadable(named) ? named : null;
    }

    /// <summary>True where the names in it mean what they meant, and what runs it adds nothing masked.</summary>
    internal static bool MeansTheSame(NamedQuery named, StatementFacts running, ICatalogView view) =>
        named.Definition.IsCursor ? ReferenceEquals(named.View, view) : !view.Involves(running);

    /// <summary>True for a query whose tree the server prints.</summary>
    internal static bool IsReadable(NamedQuery named) => IsQuery(named.Definition.Facts) && IsReadable(named.Text, named.Text.Settings!);

    private bool TryAsk(in LineageQuestion question, ICatalogSnapshot snapshot, out LineageAnswer? answer)
    {
        answer = Inquiry.Find(question, snapshot);
        return answer is not null;
    }
}
