using System.Buffers;
using System.Globalization;
using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;

namespace WireGuardian.MySql.Relay;

/// <summary>What a client is told when its command is refused: payloads of ERR packets. Codes that say so are the server's own.</summary>
public static class Refusals
{
    private const ushort TableAccessDenied = 1142;
    private const ushort QueryInterrupted = 1317;
    private const ushort UnknownError = 1105;
    private const ushort ShutdownInProgress = 1053;
    private const ushort MalformedPacket = 1835;

    /// <summary>ER_UNKNOWN_COM_ERROR.</summary>
    public static byte[] UnknownCommand { get; } = Error(1047, "08S01", "Unknown command");

    /// <summary>ER_SPECIFIC_ACCESS_DENIED_ERROR, as MySQL gives it to everybody who may not clone: nobody may through a proxy that would not see what is cloned.</summary>
    public static byte[] CloneDenied { get; } =
        Error(1227, "42000", "Access denied; you need (at least one of) the BACKUP_ADMIN privilege(s) for this operation");

    /// <summary>ER_MALFORMED_PACKET.</summary>
    public static byte[] Malformed { get; } = Error(MalformedPacket, "HY000", "Malformed communication packet.");

    /// <summary>ER_SERVER_SHUTDOWN.</summary>
    public static byte[] Goodbye { get; } = Error(ShutdownInProgress, "08S01", "Server shutdown in progress");

    /// <summary>For rows that may come in a character set that nobody has told.</summary>
    public static byte[] CursorOfOtherCharacterSet { get; } = Error(
        UnknownError, "HY000", "The rows of the cursor cannot be looked into, because the session may have another character set since it was opened. Execute the statement again.");

    /// <summary>ER_NO_SUCH_THREAD.</summary>
    public static byte[] NoSuchThread(uint id) => Error(1094, "HY000", string.Create(CultureInfo.InvariantCulture, $"Unknown thread id: {id}"));

    /// <summary>ER_UNKNOWN_STMT_HANDLER.</summary>
    public static byte[] UnknownPrepared(string command) => Error(1243, "HY000", $"Unknown prepared statement handler (0) given to {command}");

    /// <summary>ER_MAX_PREPARED_STMT_COUNT_REACHED.</summary>
    public static byte[] TooManyPrepared(int limit) =>
        Error(1461, "42000", string.Create(CultureInfo.InvariantCulture, $"Can't create more than max_prepared_stmt_count statements (current value: {limit})"));

    /// <summary>For a statement that the gate did not let pass.</summary>
    public static byte[] Of(GateOutcome outcome)
    {
        var reason = Sentence(outcome.Reason);
        var request = outcome.RequestId.Length > 0 ? $"Request {outcome.RequestId}. {reason}" : reason;
        return outcome.Result switch
        {
            GateResult.Denied => Error(TableAccessDenied, "42000", $"The statement was denied by rule \"{outcome.Rule}\". {request} Nothing of it ran."),
            GateResult.NeedsApproval =>
                Error(TableAccessDenied, "42000", $"The statement needs an approval by rule \"{outcome.Rule}\". {request} Nothing of it ran."),
            GateResult.Expired => Error(QueryInterrupted, "70100", $"The statement expired while rule \"{outcome.Rule}\" held it. {request} Nothing of it ran."),
            GateResult.Withdrawn or GateResult.Abandoned =>
                Error(QueryInterrupted, "70100", $"The statement was withdrawn while rule \"{outcome.Rule}\" held it. {request} Nothing of it ran."),
            _ => Error(UnknownError, "HY000", $"The statement could not be recorded, so it was not sent. {request}"),
        };
    }

    /// <summary>For a result that passed a limit and was not let go on.</summary>
    /// <param name="outcome">What was decided.</param>
    /// <param name="reached">What was reached.</param>
    /// <param name="problem">Why the server could not be told to stop, so that the session ends too; null where it was.</param>
    public static byte[] ResultEnded(GateOutcome outcome, string reached, string? problem)
    {
        var (code, state, why) = outcome.Result switch
        {
            GateResult.Denied => (TableAccessDenied, "42000", outcome.Reason),
            GateResult.Expired => (QueryInterrupted, "70100", outcome.Reason),
            GateResult.Withdrawn or GateResult.Abandoned => (QueryInterrupted, "70100", "It was withdrawn."),
            _ => (UnknownError, "HY000", outcome.Reason),
        };
        string[] sentences =
        [
            $"The result was ended by rule \"{outcome.Rule}\".", outcome.RequestId.Length > 0 ? $"Request {outcome.RequestId}." : "", reached, Sentence(why),
            problem is null ? "" : $"The session ends with it: the server could not be told to stop ({problem}).",
            "The rows before this error are not the whole result. Without a transaction, what the statement changed may have been kept.",
        ];
        return Error(code, state, string.Join(' ', sentences.Where(sentence => sentence.Length > 0)));
    }

    /// <summary>For a result that was held, and on which the server gave up before its end came. ER_NET_WRITE_INTERRUPTED.</summary>
    public static byte[] GivenUp(string requestId) => Error(
        1161, "08S01", $"The server ended the session amid a result that had waited for request {requestId}: nobody read it for longer than its net_write_timeout. The rows before this error are not the whole result.");

    /// <summary>For a statement of which is not known whether it involves masked columns.</summary>
    public static byte[] CatalogUnavailable(string problem) =>
        Error(UnknownError, "HY000", $"The statement could not be judged, so it was not sent. {problem}");

    /// <summary>For a session in which one side broke the protocol.</summary>
    public static byte[] Fatal(ProtocolException problem) => Error(MalformedPacket, "HY000", problem.Message);

    /// <summary>For a session whose client was about to be sent a canary.</summary>
    public static byte[] CanaryFound(CanaryFoundException found) =>
        Error(TableAccessDenied, "42000", $"{found.Explanation}. Ask whoever runs WireGuardian; it is on record.");

    /// <summary>The payload as a packet.</summary>
    public static byte[] ToPacket(byte[] payload, byte sequence)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WritePacket(payload, sequence);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>An operator's own words may end without a full stop.</summary>
    private static string Sentence(string words) => words.Length == 0 || words.EndsWith('.') ? words : words + ".";

    private static byte[] Error(ushort code, string sqlState, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        new ErrPacket { Code = code, SqlState = Encoding.ASCII.GetBytes(sqlState), Message = Encoding.UTF8.GetBytes(message) }.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
