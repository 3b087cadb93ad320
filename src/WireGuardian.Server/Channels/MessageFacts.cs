using System.Globalization;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Statements;

namespace WireGuardian.Server.Channels;

/// <summary>What a message for people says of a request, in words that can stand anywhere as plain text.</summary>
internal static class MessageFacts
{
    private const int LongestFact = 200;

    /// <summary>One line that says what is the matter.</summary>
    public static string Title(ApprovalRequest request) => MessageText.Line(
        request.State switch
        {
            ApprovalState.Pending => $"Held by rule {request.Rule}: waits for {(request.Minimum == 1 ? "an approval" : $"{request.Minimum} approvals")}",
            ApprovalState.Approved or ApprovalState.Released when request.GlassIsBroken => $"GLASS BROKEN: rule {request.Rule} was overridden",
            ApprovalState.Approved or ApprovalState.Released => $"Approved: held by rule {request.Rule}",
            ApprovalState.Denied => $"Denied: held by rule {request.Rule}",
            var state => $"{char.ToUpperInvariant(state.ToName()[0])}{state.ToName()[1..]}: held by rule {request.Rule}",
        },
        140);

    /// <summary>Names and values, in the order to show.</summary>
    public static IEnumerable<(string Name, string Value)> Of(ApprovalRequest request)
    {
        yield return ("Request", request.Id);
        yield return ("User", Short(request.User));
        yield return ("Client", Short(request.Application.Length == 0 ? request.Client : $"{request.Client}, {request.Application}"));
        yield return ("Database", Short($"{request.Database} on {request.Listener}"));
        yield return ("Kinds", string.Join(", ", request.Kinds.ToNames()));
        if (request.Relations.Count > 0)
            yield return ("Relations", Short(string.Join(", ", request.Relations)));
        yield return ("Approvers", Short(request.Approvers.Count == 0 ? "any operator" : string.Join(", ", request.Approvers)));
        yield return ("Expires", request.ExpiresAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>A line per decision.</summary>
    public static IEnumerable<string> Decisions(ApprovalRequest request) => request.Approvals.TakeLast(5).Select(decision =>
        Short($"{(decision.IsBreakGlass ? "GLASS BROKEN, released at once" : decision.Approved ? "Approved" : "Denied")} by {decision.Operator}{(decision.Reason.Length == 0 ? "" : $": {decision.Reason}")}"));

    private static string Short(string text) => MessageText.Line(text, LongestFact);
}
