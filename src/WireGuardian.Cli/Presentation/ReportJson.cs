using System.Globalization;
using System.Text.Json;
using WireGuardian.Core.Audit.Reporting;

namespace WireGuardian.Cli.Presentation;

/// <summary>The report as a JSON object. Waits are seconds.</summary>
internal static class ReportJson
{
    public static void Write(Utf8JsonWriter json, ApprovalReport report)
    {
        json.WriteStartObject();
        WriteTime(json, "since", report.Since);
        WriteTime(json, "until", report.Until);
        json.WritePropertyName("total");
        Write(json, report.Total);
        WriteAll(json, "byRule", report.ByRule, Write);
        WriteAll(json, "byOperator", report.ByOperator, Write);
        WriteAll(json, "decisions", report.Decisions, Write);
        json.WriteNumber("decisionsLeftOut", report.DecisionsLeftOut);
        WriteAll(json, "refusedOperators", report.RefusedOperators, (writer, refused) =>
        {
            writer.WriteStartObject();
            writer.WriteString("client", refused.Key);
            writer.WriteNumber("calls", refused.Value);
            writer.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ApprovalTally tally)
    {
        json.WriteStartObject();
        if (tally.Name.Length > 0)
            json.WriteString("name", tally.Name);
        json.WriteNumber("held", tally.Held);
        json.WriteNumber("approvals", tally.Approvals);
        json.WriteNumber("denials", tally.Denials);
        json.WriteNumber("breakGlass", tally.BreakGlass);
        json.WriteNumber("released", tally.Released);
        json.WriteNumber("expired", tally.Expired);
        json.WriteNumber("withdrawn", tally.Withdrawn);
        json.WriteNumber("abandoned", tally.Abandoned);
        json.WriteNumber("refusedDecisions", tally.RefusedDecisions);
        json.WriteNumber("selfApprovals", tally.SelfApprovals);
        WriteSeconds(json, "medianWaitSeconds", tally.MedianWait);
        WriteSeconds(json, "p95WaitSeconds", tally.P95Wait);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReportedDecision decision)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", decision.Sequence);
        WriteTime(json, "time", decision.Time);
        json.WriteString("event", decision.Event);
        json.WriteString("operator", decision.Operator);
        json.WriteString("person", decision.Person);
        json.WriteString("channel", decision.Channel);
        json.WriteString("method", decision.Method);
        json.WriteString("requestId", decision.RequestId);
        json.WriteString("principal", decision.Principal);
        json.WriteString("rule", decision.Rule);
        json.WriteString("statement", decision.Statement);
        json.WriteString("reason", decision.Reason);
        WriteSeconds(json, "waitSeconds", decision.Wait);
        json.WriteBoolean("selfApproval", decision.IsSelfApproval);
        json.WriteEndObject();
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            write(json, value);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        else
            json.WriteNull(name);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? wait)
    {
        if (wait is { } known)
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
        else
            json.WriteNull(name);
    }
}
