using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Auditing;

/// <summary>The options that choose records of the trail.</summary>
internal sealed class AuditOptions
{
    public Option<string> Since { get; } = new("--since")
    {
        Description = "Only records from then on: 90s, 10m, 1h, 2d ago, or a time such as 2025-06-01T12:00:00Z.",
        HelpName = "WHEN",
    };

    public Option<string> Until { get; } = new("--until") { Description = "Only records before then.", HelpName = "WHEN" };

    public Option<string> Principal { get; } = new("--principal") { Description = "Only records of this database login.", HelpName = "LOGIN" };

    public Option<string> Operator { get; } = new("--operator") { Description = "Only records of this operator.", HelpName = "NAME" };

    public Option<string> Request { get; } = new("--request") { Description = "Only records of this request.", HelpName = "ID" };

    public Option<string[]> Event { get; } = new("--event")
    {
        Description = "Only records of this event, such as hold, approve or login; may be given several times.",
        HelpName = "EVENT",
    };

    public ExportAuditRequest Question(ParseResult parsed, Surroundings surroundings)
    {
        var question = new ExportAuditRequest
        {
            Principal = parsed.GetValue(Principal) ?? "",
            Operator = parsed.GetValue(Operator) ?? "",
            RequestId = parsed.GetValue(Request)?.Trim() ?? "",
            Events = { parsed.GetValue(Event) ?? [] },
        };
        if (TimeOf(parsed, Since, surroundings) is { } since)
            question.Since = since.ToTimestamp();
        if (TimeOf(parsed, Until, surroundings) is { } until)
            question.Until = until.ToTimestamp();
        return question;
    }

    /// <exception cref="UsageException">It is no time.</exception>
    public static DateTimeOffset? TimeOf(ParseResult parsed, Option<string> option, Surroundings surroundings) =>
        parsed.GetValue(option) is { } when ? Moment.Parse(when, surroundings.Time.GetUtcNow()) : null;
}
