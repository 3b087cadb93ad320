using WireGuardian.Core.Labels;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Session;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>What both directions of a session share. Guarded by the driver: one direction runs at a time.</summary>
public sealed class RelayState
{
    /// <summary>The session's part in what is done in its database; null where the listener has no catalog login.</summary>
    public SessionWork? Work { get; init; }

    /// <summary>Requests that the server has not answered.</summary>
    public RequestQueue Queue { get; } = new();

    public NameTable<PreparedStatement> Statements { get; } = new();

    public NameTable<Portal> Portals { get; } = new();

    public SqlNames SqlNames { get; } = new();

    public UncommittedCode UncommittedCode { get; } = new();

    /// <summary>How the server reads the session's text now, as it last reported.</summary>
    public PostgresSqlSettings Settings { get; set; } = new(StandardConformingStrings: true, PostgresTextEncoding.Utf8);

    /// <summary>What ran before that decides what a text means.</summary>
    public SessionHistory History { get; set; } = new("");

    /// <summary>What the open transaction has run.</summary>
    public TransactionSoFar Transaction { get; } = new();

    /// <summary>True inside a transaction, a failed one too.</summary>
    public bool IsInTransaction => TransactionStatus is (byte)'T' or (byte)'E';

    /// <summary>What the requester gave as the reason for what the session does; empty for none.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Number of the batch that the client is sending: grows with each Sync, Query and function call.</summary>
    public long Batch { get; set; } = 1;

    /// <summary>The server reported an error and passes over everything until the next Sync, which the client has not sent yet.</summary>
    public bool SkipsUntilSync { get; set; }

    /// <summary>The server waits for the client's COPY data: it passes over Sync and Flush meanwhile.</summary>
    public bool CopyIn { get; set; }

    /// <summary>Outstanding requests that may change how later text reads.</summary>
    public int UncertainSettings { get; set; }

    /// <summary>
    /// What was sent may change the settings, and the server has not said so yet: it reports them only in front of a ReadyForQuery, the first of which
    /// ends the login. True from the moment of sending until a ReadyForQuery that finds no <see cref="UncertainSettings"/>.
    /// </summary>
    public bool HasUnreportedSettings { get; set; } = true;

    /// <summary>The open transaction changed settings: its end, by COMMIT, ROLLBACK or any error, may take that back.</summary>
    public bool SettingsMayRevert { get; set; }

    /// <summary>True when <see cref="Settings"/> are those under which the server will read what is sent next.</summary>
    public bool KnowsSettings => !HasUnreportedSettings && !(SettingsMayRevert && !Queue.IsEmpty);

    /// <summary>Outstanding requests that may change what a name in a statement means.</summary>
    public int UncertainCatalog { get; set; }

    /// <summary>
    /// How many statements were sent to be run, or what stands in for refused ones. What was known of a portal before the latest of them may hold no more: its
    /// name can be another's by now (CLOSE, DECLARE), and so can the names that it runs something by (DEALLOCATE, PREPARE).
    /// </summary>
    public long Runs { get; set; }

    /// <summary>Outstanding requests whose success decides what a name means.</summary>
    public int Unsure { get; set; }

    /// <summary>
    /// Outstanding requests whose result is limited: what comes behind one waits for its end, for the client would be told that it failed where the server may
    /// know nothing of that, and a cancel request that comes late would hit what was sent next.
    /// </summary>
    public int Limited { get; set; }

    /// <summary>
    /// The client was told that a statement failed which the server had run to its end: before the Sync that ends the batch the server is made to fail as well.
    /// </summary>
    public bool OwesFailure { get; set; }

    /// <summary>The transaction has changed the catalog in a way that other connections cannot see yet.</summary>
    public bool ChangedCatalog { get; set; }

    /// <summary>A statement of this transaction involved masked columns: later errors of it (a deferred constraint) may quote them.</summary>
    public bool InvolvedMasked { get; set; }

    /// <summary>The status byte of the last ReadyForQuery: <c>I</c>, <c>T</c> or <c>E</c>; 0 before the first.</summary>
    public byte TransactionStatus { get; set; }

    /// <summary>True when nothing is under way and no transaction is open: the session can end without anybody losing anything.</summary>
    public bool IsIdle => Queue.IsEmpty && TransactionStatus == (byte)'I' && !CopyIn && !SkipsUntilSync;

    /// <summary>True when every request has been answered, so that names and settings are known for sure, or when waiting for answers would be in vain.</summary>
    public bool IsSettled => Queue.IsEmpty || SkipsUntilSync || CopyIn;

    /// <summary>Set when the session should end at the next moment at which nothing is lost.</summary>
    public bool IsDraining { get; set; }

    /// <summary>The database's catalog while the session is inside <see cref="Proxy.Catalog.ICatalog{TSnapshot}.BeginChange"/>.</summary>
    public IDatabaseCatalog? ChangingCatalog { get; set; }

    /// <summary>Labels for relations that the open transaction makes, or the statement that is about to be sent.</summary>
    public List<ColumnLabel> OpenLabels { get; } = [];

    /// <summary>Where <see cref="OpenLabels"/> are kept.</summary>
    public IDatabaseCatalog? LabellingCatalog { get; set; }

    /// <summary>The oldest request is answered, or passed over.</summary>
    public void RemoveHead()
    {
        Forget(0);
        while (!Queue.IsEmpty && Queue.Head.Kind == RequestKind.CopyEnd)
            Forget(0);
    }

    /// <summary>The request at <paramref name="index"/> will not be answered.</summary>
    public void Forget(int index)
    {
        ref var request = ref Queue[index];
        if (request.ChangesSettings)
            UncertainSettings--;
        if (request.ChangesCatalog)
            UncertainCatalog--;
        if (request.IsUnsure)
            Unsure--;
        if (request.Limit is not null)
            Limited--;
        if (request.Running is { } running)
            Work!.Leave(running);
        Queue.RemoveAt(index);
    }

    /// <summary>True where the server may still run something, after the session's end, that other sessions must not meet.</summary>
    public bool MayRunOn
    {
        get
        {
            for (var index = 0; index < Queue.Count; index++)
            {
                if (ChangingCatalog is not null || Queue[index].Running is not null)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The session is over, and nothing of it runs at the server any more.</summary>
    public void Leave()
    {
        while (!Queue.IsEmpty)
            Forget(0);
        EndCatalogChange();
    }

    /// <summary>A statement that may change the catalog is about to be sent.</summary>
    public void BeginCatalogChange(IDatabaseCatalog? catalog, bool involvesMasked)
    {
        ChangedCatalog = true;
        UncommittedCode.NoteChange(involvesMasked);
        if (ChangingCatalog is null && catalog is not null)
        {
            ChangingCatalog = catalog;
            catalog.BeginChange();
        }
    }

    /// <summary>The transaction is over, or the session is.</summary>
    /// <param name="isOver">The server has said that the transaction is over. Where a session ends in the midst of it, nobody knows what becomes of it.</param>
    public void EndCatalogChange(bool isOver = false)
    {
        if (isOver && OpenLabels.Count > 0)
            LabellingCatalog?.SettleLabels([.. OpenLabels]);
        OpenLabels.Clear();
        ChangedCatalog = false;
        // Whoever is judged from here on is judged by a picture that holds it.
        UncommittedCode.Clear();
        ChangingCatalog?.EndChange();
        ChangingCatalog = null;
        // Last, so that whoever sees that it is over sees that the picture is not fresh.
        Work?.EndChanges();
    }
}
