using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Relay;

/// <summary>A message of the client that the server has still to answer, and what its answer means to us.</summary>
public struct Request
{
    public RequestKind Kind { get; set; }

    /// <summary>True for a message of our own: its answer is not sent on.</summary>
    public bool IsOurs { get; set; }

    /// <summary>True for a Bind that the server will most likely refuse.</summary>
    public bool IsUnsure { get; set; }

    /// <summary>True when the statement may change how later text reads.</summary>
    public bool ChangesSettings { get; set; }

    /// <summary>True when the statement may change what names in later statements mean.</summary>
    public bool ChangesCatalog { get; set; }

    /// <summary>True for a description that may be of something else than what will run: every column is masked.</summary>
    public bool MasksEverything { get; set; }

    /// <summary>How many statements of a Query have ended.</summary>
    public int Ended { get; set; }

    /// <summary>The batch that a Query, Sync or function call ends.</summary>
    public long Batch { get; set; }

    /// <summary>The statement of Query, Parse, Execute and Describe.</summary>
    public PreparedStatement? Statement { get; set; }

    /// <summary>The portal of Bind, Execute and Describe.</summary>
    public Portal? Portal { get; set; }

    /// <summary>How the rows of the running statement of a Query are masked.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>Up to when <see cref="Plan"/> holds; for a COPY that sends data, what it was planned by.</summary>
    public PlanStamp PlannedAt { get; set; }

    /// <summary>A COPY … TO STDOUT sends its data.</summary>
    public bool IsExporting { get; set; }

    /// <summary><see cref="SqlNames.CursorChanges"/> when it was sent.</summary>
    public int CursorChanges { get; set; }

    /// <summary>The COPY … TO STDOUT that a Query or Execute runs, or that our own description is for, where its data have to be masked.</summary>
    public DescribedCopy? Copy { get; set; }

    /// <summary>The statement's judgement, for Query and Execute.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>The statement as other sessions' DDL meets it, for Query and Execute.</summary>
    public RunningStatement? Running { get; set; }

    /// <summary>How much of its result may pass; null for no limit.</summary>
    public ResultLimit<StatementAtGate>? Limit { get; set; }

    /// <summary>Length of the session's history once it was sent, for Query and Execute.</summary>
    public long HistoryLength { get; set; }

    /// <summary>Set when this message stands in for a refused one: the server's error is replaced by this.</summary>
    public byte[]? Refusal { get; set; }

    /// <summary>The promise that a Parse or Bind made, to be confirmed or undone.</summary>
    public NameTable<PreparedStatement>.Entry? StatementEntry { get; set; }

    /// <summary>The name of a Parse or Bind under which something is already: it changes hands only if the server says so.</summary>
    public byte[]? NewName { get; set; }

    /// <inheritdoc cref="StatementEntry"/>
    public NameTable<Portal>.Entry? PortalEntry { get; set; }
}

/// <summary>What kind of answer a request has.</summary>
public enum RequestKind : byte
{
    /// <summary>Ended by ReadyForQuery.</summary>
    Query,

    /// <summary>Ended by ParseComplete.</summary>
    Parse,

    /// <summary>Ended by BindComplete.</summary>
    Bind,

    /// <summary>ParameterDescription, then RowDescription or NoData.</summary>
    DescribeStatement,

    /// <summary>RowDescription or NoData.</summary>
    DescribePortal,

    /// <summary>Ended by CommandComplete, EmptyQueryResponse or PortalSuspended.</summary>
    Execute,

    /// <summary>Ended by CloseComplete.</summary>
    Close,

    /// <summary>Ended by ReadyForQuery, also after an error.</summary>
    Sync,

    /// <summary>FunctionCallResponse, then ReadyForQuery.</summary>
    FunctionCall,

    /// <summary>CopyDone or CopyFail, which the server does not answer: it marks the end of data that were sent ahead.</summary>
    CopyEnd,
}
