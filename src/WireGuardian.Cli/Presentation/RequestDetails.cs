using System.Globalization;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>Everything an operator needs to decide on one request. The statement stands last and indented, so that it cannot pose as another field.</summary>
internal static class RequestDetails
{
    public static void Write(Surroundings surroundings, ApprovalRequest request)
    {
        var output = surroundings.Out;
        Fields.Write(output, "Request", request.Id);
        Fields.Write(output, "State", State(request, surroundings.Time.GetUtcNow()));
        Fields.Write(output, "Created", Moment.Readable(request.CreatedAt));
        Fields.Write(output, "Expires", Moment.Readable(request.ExpiresAt));
        Fields.Write(output, "User", request.User);
        Fields.Write(output, "From", request.Client);
        Fields.Write(output, "Application", request.Application);
        Fields.Write(output, "Database", request.Database);
        Fields.Write(output, "Listener", $"{request.Listener} ({request.Protocol})");
        Fields.Write(output, "Kinds", string.Join(", ", request.Kinds));
        Fields.Write(output, "Relations", string.Join(", ", request.Relations));
        Fields.Write(output, "Rule", request.Rule);
        Fields.Write(output, "Reason", request.Reason);
        Fields.Write(output, "Approvals", Needed(request));
        foreach (var approval in request.Approvals)
            Fields.Write(output, "", Said(approval));
        Fields.Write(output, "Digest", request.Digest);

        var lines = TerminalText.Lines(request.Statement).ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Statement    {lines.Count} line{(lines.Count == 1 ? "" : "s")}, literals masked:"));
        foreach (var line in lines)
            output.WriteLine($"    {line}".TrimEnd());
    }

    private static string State(ApprovalRequest request, DateTimeOffset now)
        => request.State == ApprovalState.Pending ? $"pending, {Moment.Left(request.ExpiresAt, now)} left" : request.State.Name();

    private static string Needed(ApprovalRequest request)
    {
        var by = request.Approvers.Count == 0 ? "any operator" : $"operators of {string.Join(", ", request.Approvers)}";
        return string.Create(CultureInfo.InvariantCulture, $"{request.Approvals.Count(a => a.Approved)} of {request.Minimum}, by {by}");
    }

    private static string Said(Approval approval)
    {
        var said = $"{approval.Operator} {(approval.Approved ? "approved" : "denied")} {Moment.Readable(approval.Time)}";
        return approval.Reason.Length > 0 ? $"{said}: {approval.Reason}" : said;
    }
}
