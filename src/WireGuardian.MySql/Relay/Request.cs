using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.MySql.Relay;

/// <summary>A command of the client that the server has still to answer, and how far the answer has come.</summary>
public sealed class Request(Command command, AnswerKind kind)
{
    public Command Command => command;

    public AnswerKind Kind => kind;

    public AnswerPhase Phase { get; set; }

    /// <summary>Definitions still to come in this phase.</summary>
    public int Remaining { get; set; }

    /// <summary>With <see cref="AnswerKind.Prepared"/>: columns behind the parameters.</summary>
    public int ColumnsBehind { get; set; }

    /// <summary>Results of this answer that are over.</summary>
    public int ResultsSeen { get; set; }

    /// <summary>True for the proxy's own question about the session's settings: nothing of its answer is sent on.</summary>
    public bool IsOurs { get; init; }

    /// <summary>The text or prepared statement.</summary>
    public SessionStatement? Statement { get; init; }

    /// <summary>What was said of it when it was sent.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>How much of its result may pass; null for no limit.</summary>
    public ResultLimit<StatementAtGate>? Limit { get; init; }

    /// <summary>How the rows that come now are masked.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>The rows are in the binary protocol.</summary>
    public bool IsBinary { get; init; }

    /// <summary>A cursor was asked for: if the server says that one is open, no rows follow.</summary>
    public bool OpensCursor { get; init; }

    /// <summary>The database that is the session's own once the server says OK.</summary>
    public string? NewDatabase { get; init; }

    /// <summary>The connection that a KILL is for; 0 for other commands.</summary>
    public ulong Kills { get; init; }

    /// <summary>The server's parser refuses the text: its error quotes nothing but that.</summary>
    public bool IsNoSql { get; init; }

    /// <summary>The statement may change what names mean.</summary>
    public bool ChangesCatalog { get; init; }

    /// <summary>The statement asks for a file of the client's, and may have it.</summary>
    public bool MayReadFile { get; init; }
}
