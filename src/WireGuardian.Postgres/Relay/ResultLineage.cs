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
    /// <param name="answer">The lineage; null where it cannot be had.</param>
    public bool TryFind(in Request request, ICatalogSnapshot snapshot, ICatalogView view, out LineageAnswer? answer)
    {
        answer = null;
        if (!TryGetIndex(request, out var index) || !IsOfPicture(request, view))
            return true;
        var statement = request.Statement!;
        ref var known = ref statement.Lineages[index];
        if (ReferenceEquals(known.Snapshot, snapshot) && !known.Answer!.IsPassing)
        {
            answer = known.Answer;
            return true;
        }
        var question = Question(statement, index);
        answer = Inquiry.Find(question, snapshot);
        if (answer is null)
            return false;
        if (!answer.IsPassing)
            known = (snapshot, answer);
        return true;
    }

    /// <summary>True for a statement whose tree the server prints.</summary>
    internal static bool IsQuery(StatementFacts facts) =>
        !facts.IsOpaque && (facts.Kinds & Queries) != 0 && (facts.Kinds & Others) == 0 && facts.ExecutesPrepared is null && facts.FetchesCursor is null;

    /// <summary>Which statement of the text the result is of; false where that is none whose tree the server prints.</summary>
    private static bool TryGetIndex(in Request request, out int index)
    {
        index = request.Kind == RequestKind.Query ? request.Ended : 0;
        return !request.MasksEverything && request.Statement is { } statement && IsAskable(statement, index);
    }

    /// <summary>True where the server can be asked about a statement of the text.</summary>
    internal static bool IsAskable(PreparedStatement statement, int index) =>
        statement.Settings is { } settings && index < statement.Facts.Count && IsQuery(statement.Facts[index])
        && (settings.Encoding == PostgresTextEncoding.Utf8 || Ascii.IsValid(statement.Text));

    internal static LineageQuestion Question(PreparedStatement statement, int index) => new(
        statement.Text.AsMemory(statement.Facts[index].Text), statement.Facts[index], statement.Settings!.StandardConformingStrings, statement.ParameterTypes);

    private static bool IsOfPicture(in Request request, ICatalogView view) =>
        ReferenceEquals((request.Judgement ?? request.Statement?.Judgement)?.View, view)
        && (request.Kind == RequestKind.Query || (request.Portal is { } portal && ReferenceEquals(portal.BoundUnder, view)));
}
