using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>What a session wants to know of a statement's lineage: one question at a time, which may have to be put to the server first.</summary>
public sealed class LineageInquiry(IDatabaseCatalog? catalog)
{
    private ICatalogSnapshot? _snapshot;
    private LineageAnswer? _answer;

    /// <summary>What the server has to be asked, and under which picture of the catalog.</summary>
    public (LineageQuestion Question, ICatalogSnapshot Snapshot)? Wanted { get; private set; }

    /// <summary>The server was asked what was wanted.</summary>
    public void WasAsked(LineageAnswer answer)
    {
        if (Wanted is not { } wanted)
            return;
        (_snapshot, _answer, Wanted) = (wanted.Snapshot, answer, null);
    }

    /// <summary>The answer to the question that is open, or one that is kept; null where the server has to be asked first.</summary>
    public LineageAnswer? Find(in LineageQuestion question, ICatalogSnapshot snapshot)
    {
        var answer = ReferenceEquals(_snapshot, snapshot) ? _answer : catalog!.FindLineage(question, snapshot);
        (_snapshot, _answer) = (null, null);
        if (answer is null)
            Wanted = (question, snapshot);
        return answer;
    }
}
