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
        if (request.ReleaseBy is not null)
            Fields.Write(output, "Valid until", Moment.Readable(request.ReleaseBy));
        if (request.GlassIsBroken)
            Fields.Write(output, "BREAK-GLASS", "released at once, whatever the minimum; see who below");
        Fields.Write(output, "User", Who(request.User, request.Person));
        Fields.Write(output, "From", request.Client);
        Fields.Write(output, "Application", request.Application);
        Fields.Write(output, "Database", request.Database);
        Fields.Write(output, "Listener", $"{request.Listener} ({request.Protocol})");
        if (request.Environment.Length > 0)
            Fields.Write(output, "Environment", request.Environment);
        Fields.Write(output, "Kinds", string.Join(", ", request.Kinds));
        Fields.Write(output, "Relations", string.Join(", ", request.Relations));
        Fields.Write(output, "Rule", request.Rule);
        Fields.Write(output, "Reason", request.Reason);
        if (request.RequesterReason.Length > 0)
            Fields.Write(output, "They say", request.RequesterReason);
        if (request.Context is { } context)
            ContextDetails.Write(output, context);
        Fields.Write(output, "Approvals", Needed(request));
        foreach (var approval in request.Approvals)
            Fields.Write(output, "", Said(approval));
        if (request.Mode == HoldMode.Resubmit)
        {
            var validity = string.Create(CultureInfo.InvariantCulture, $"{request.Validity?.ToTimeSpan().TotalSeconds:0} seconds");
            Fields.Write(output, "Mode", $"resubmit: no connection waits; once approved it may come back within {validity}, once");
        }
        if (request.BreakGlass.Count > 0)
            Fields.Write(output, "Break-glass", $"by operators of {string.Join(", ", request.BreakGlass)}");
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
        var verb = approval.BreakGlass ? "BROKE THE GLASS" : approval.Approved ? "approved" : "denied";
        var said = $"{Who(approval.Operator, approval.Person)} {verb} {Moment.Readable(approval.Time)}";
        if (approval.Method.Length > 0)
            said += $" by {approval.Method} through {approval.Channel}";
        if (approval.ValidUntil is not null)
            said += $", valid until {Moment.Readable(approval.ValidUntil)}";
        if (approval.HasMaxRows)
            said += string.Create(CultureInfo.InvariantCulture, $", for at most {approval.MaxRows} rows");
        return approval.Reason.Length > 0 ? $"{said}: {approval.Reason}" : said;
    }

    private static string Who(string name, string person) => person.Length == 0 || person == name ? name : $"{name} ({person})";
}
