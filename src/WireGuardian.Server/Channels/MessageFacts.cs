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
        var context = request.Context;
        if (context.Reads.Count + context.Writes.Count == 0 && request.Relations.Count > 0)
            yield return ("Relations", Short(string.Join(", ", request.Relations)));
        if (context.Reads.Count > 0)
            yield return ("Reads", Short(string.Join(", ", context.Reads.Select(Relation))));
        if (context.Writes.Count > 0)
            yield return ("Writes", Short(string.Join(", ", context.Writes.Select(Relation))));
        if (context.Plan is { } plan)
            yield return ("Plan", Short(plan.Rows is { } rows ? string.Create(CultureInfo.InvariantCulture, $"about {rows} row(s)") : $"not asked: {plan.NotAsked}"));
        if (context.Columns.Where(column => column.Mask.Length > 0).ToList() is { Count: > 0 } masked)
            yield return ("Masked in the result", Short(string.Join(", ", masked.Select(column => $"{(column.Name.Length > 0 ? column.Name : "(unnamed)")} ({column.Mask})"))));
        else if (context.InvolvesMasked)
            yield return ("Masking", "may read masked columns: what comes of them is masked");
        yield return ("Approvers", Short(request.Approvers.Count == 0 ? "any operator" : string.Join(", ", request.Approvers)));
        yield return ("Expires", request.ExpiresAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>A line per decision.</summary>
    public static IEnumerable<string> Decisions(ApprovalRequest request) => request.Approvals.TakeLast(5).Select(decision =>
        Short($"{(decision.IsBreakGlass ? "GLASS BROKEN, released at once" : decision.Approved ? "Approved" : "Denied")} by {decision.Operator}{(decision.Reason.Length == 0 ? "" : $": {decision.Reason}")}"));

    private static string Relation(RelationEstimate relation) =>
        relation.Rows is { } rows ? string.Create(CultureInfo.InvariantCulture, $"{relation.Relation} (about {rows})") : relation.Relation;

    private static string Short(string text) => MessageText.Line(text, LongestFact);
}
