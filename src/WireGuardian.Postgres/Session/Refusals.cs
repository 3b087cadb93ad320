using System.Buffers;
using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;

namespace WireGuardian.Postgres.Session;

/// <summary>What a client is told when its statement is held, refused or could not be judged.</summary>
public static class Refusals
{
    private const string InsufficientPrivilege = "42501";
    private const string QueryCanceled = "57014";
    private const string LockNotAvailable = "55P03";
    private const string SystemError = "58000";
    private const string ProtocolViolation = "08P01";
    private const string ConnectionFailure = "08006";
    private const string SuccessfulCompletion = "00000";

    /// <summary>The ErrorResponse for a statement that the gate did not let pass.</summary>
    public static byte[] Of(GateOutcome outcome)
    {
        var request = outcome.RequestId.Length > 0 ? $"Request {outcome.RequestId}. {outcome.Reason}" : outcome.Reason;
        return outcome.Result switch
        {
            GateResult.Denied => Error(InsufficientPrivilege, $"the statement was denied by rule \"{outcome.Rule}\"", request, "Nothing of it ran."),
            GateResult.NeedsApproval => Error(
                InsufficientPrivilege, $"the statement needs an approval by rule \"{outcome.Rule}\"", request,
                $"Nothing of it ran. An operator approves it with: wgctl approve {outcome.RequestId}"),
            GateResult.Expired => Error(QueryCanceled, $"the statement expired while rule \"{outcome.Rule}\" held it", request,
                "Nothing of it ran. Send it again when an operator can look at it."),
            GateResult.Withdrawn or GateResult.Abandoned => Error(
                QueryCanceled, $"the statement was withdrawn while rule \"{outcome.Rule}\" held it", request, "Nothing of it ran."),
            _ => Error(SystemError, "the statement could not be recorded, so it was not sent", request, "Nothing of it ran. Ask whoever runs WireGuardian."),
        };
    }

    /// <summary>The ErrorResponse for a result that passed a limit and was not let go on.</summary>
    public static byte[] ResultEnded(GateOutcome outcome, string reached)
    {
        var (state, why) = outcome.Result switch
        {
            GateResult.Denied => (InsufficientPrivilege, outcome.Reason),
            GateResult.Expired => (QueryCanceled, outcome.Reason),
            GateResult.Withdrawn or GateResult.Abandoned => (QueryCanceled, "It was withdrawn."),
            _ => (SystemError, outcome.Reason),
        };
        var detail = why.Length > 0 ? $"{reached} {why}" : reached;
        return Error(
            state, $"the result was ended by rule \"{outcome.Rule}\"", outcome.RequestId.Length > 0 ? $"Request {outcome.RequestId}. {detail}" : detail,
            "The rows before this error are not the whole result. Where no transaction was open, what the statement changed may have been kept.");
    }

    /// <summary>The ErrorResponse for a statement of which is not known whether it involves masked columns.</summary>
    public static byte[] CatalogUnavailable(string problem) => Error(
        SystemError, "the statement could not be judged, so it was not sent", problem, "Nothing of it ran. Ask whoever runs WireGuardian.");

    /// <summary>The ErrorResponse for a statement that copies masked values to columns which could not be labelled.</summary>
    public static byte[] LabelsUnavailable(string problem, string requestId) => Error(
        SystemError, "the columns to which the statement copies masked values could not be labelled, so it was not sent",
        requestId.Length > 0 ? $"Request {requestId}. {problem}" : problem, "Nothing of it ran (copies: label). Ask whoever runs WireGuardian.");

    /// <summary>The ErrorResponse for DDL that touches masked columns and would meet what other sessions have under way.</summary>
    /// <param name="waited">For so long it was waited for.</param>
    public static byte[] OthersUnderWay(TimeSpan waited) => Error(
        LockNotAvailable, "the definition touches masked columns and was not sent: statements of other sessions are under way whose meaning it could change",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"They write, or run routines, views or triggers, and did not end within {waited.TotalSeconds:0} seconds."),
        "Nothing of it ran. Send it again when they have ended; pg_stat_activity shows them.");

    /// <summary>The ErrorResponse for a statement that was taken back while it waited for other sessions.</summary>
    public static byte[] CancelledInWait { get; } = Error(QueryCanceled, "canceling statement due to user request", "It waited for statements of other sessions.", "Nothing of it ran.");

    /// <summary>The ErrorResponse that ends a session in which one side broke the protocol.</summary>
    public static byte[] Fatal(ProtocolException problem)
    {
        var output = new ArrayBufferWriter<byte>();
        var state = problem.Fault == ProtocolFault.Client ? ProtocolViolation : ConnectionFailure;
        ErrorResponseWriter.WriteFatal(output, state, problem.Message);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The ErrorResponse that ends a session whose client was about to be sent a canary.</summary>
    public static byte[] CanaryFound(CanaryFoundException found)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorResponseWriter.WriteFatal(output, InsufficientPrivilege, found.Explanation, hint: "Ask whoever runs WireGuardian; it is on record.");
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The NoticeResponse for a statement that begins to wait.</summary>
    /// <param name="what">The statement, or its result.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="rule">The rule that holds it.</param>
    /// <param name="timeout">For how long.</param>
    public static byte[] Held(string what, string requestId, string rule, TimeSpan timeout)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorResponseWriter.WriteNotice(
            output, SuccessfulCompletion, $"the {what} is held by rule \"{rule}\" until an operator decides: request {requestId}",
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Request {requestId} expires in {timeout.TotalSeconds:0} seconds."),
            $"An operator approves it with: wgctl approve {requestId}");
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Error(string sqlState, string message, string detail, string hint)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorResponseWriter.WriteError(output, sqlState, message, detail, hint);
        return output.WrittenSpan.ToArray();
    }
}
