using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Reporting;

namespace WireGuardian.Cli.Presentation;

/// <summary>The report for people: sums, then tables by rule and operator, then what stands out, then every decision.</summary>
internal static class ReportText
{
    public static void Write(Surroundings surroundings, ApprovalReport report)
    {
        var output = surroundings.Out;
        var total = report.Total;
        Fields.Write(output, "Period", Period(report));
        Fields.Write(output, "Held", Text($"{total.Held} statements"));
        Fields.Write(output, "Ended", Text(
            $"{total.Released} released, {total.Denials} denied, {total.Expired} expired, {total.Withdrawn} withdrawn, {total.Abandoned} abandoned"));
        Fields.Write(output, "Decisions", Text($"{total.Approvals} approvals, {total.Denials} denials, {total.BreakGlass} break-glass"));
        if (report.Decisions.Where(decision => decision.Method.Length > 0).CountBy(decision => decision.Method).OrderBy(method => method.Key, StringComparer.Ordinal).ToList() is { Count: > 0 } methods)
            Fields.Write(output, "Verified by", string.Join(", ", methods.Select(method => Text($"{method.Key} {method.Value}"))));
        Fields.Write(output, "Decided in", total.MedianWait is null ? "nothing was decided" : $"median {Wait(total.MedianWait)}, 95 % within {Wait(total.P95Wait)}");
        Fields.Write(output, "Refused", Text(
            $"{total.RefusedDecisions} decisions, of them {total.SelfApprovals} self-approvals; {report.RefusedOperators.Sum(refused => refused.Value)} unknown callers"));
        Rules(surroundings, report.ByRule);
        Operators(surroundings, report.ByOperator);
        Decisions(surroundings, "Break-glass", report.Decisions.Where(decision => decision.Event == AuditEvents.BreakGlass), ofReason: true);
        Decisions(surroundings, "Self-approval attempts", report.Decisions.Where(decision => decision.IsSelfApproval), ofReason: false);
        Refusals(surroundings, report.RefusedOperators);
        Decisions(surroundings, "All decisions", report.Decisions, ofReason: false);
        if (report.DecisionsLeftOut > 0)
            output.WriteLine(Text($"{report.DecisionsLeftOut} older decisions are left out here; narrow the period, or see wgctl audit export."));
    }

    private static void Rules(Surroundings surroundings, IReadOnlyList<ApprovalTally> rules)
    {
        var table = new Table(
            new Column("RULE", 10), new Column("HELD", 4), new Column("RELEASED", 8), new Column("DENIED", 6), new Column("EXPIRED", 7), new Column("GLASS", 5),
            new Column("REFUSED", 7), new Column("MEDIAN", 6), new Column("P95", 6));
        foreach (var rule in rules)
        {
            table.Add(
                rule.Name, Text($"{rule.Held}"), Text($"{rule.Released}"), Text($"{rule.Denials}"), Text($"{rule.Expired}"), Text($"{rule.BreakGlass}"),
                Text($"{rule.RefusedDecisions}"), Wait(rule.MedianWait), Wait(rule.P95Wait));
        }
        Section(surroundings, "By rule", table, rules.Count);
    }

    private static void Operators(Surroundings surroundings, IReadOnlyList<ApprovalTally> operators)
    {
        var table = new Table(
            new Column("OPERATOR", 10), new Column("APPROVED", 8), new Column("DENIED", 6), new Column("GLASS", 5), new Column("REFUSED", 7), new Column("SELF", 4),
            new Column("MEDIAN", 6), new Column("P95", 6));
        foreach (var one in operators)
        {
            table.Add(
                one.Name, Text($"{one.Approvals}"), Text($"{one.Denials}"), Text($"{one.BreakGlass}"), Text($"{one.RefusedDecisions}"), Text($"{one.SelfApprovals}"),
                Wait(one.MedianWait), Wait(one.P95Wait));
        }
        Section(surroundings, "By operator", table, operators.Count);
    }

    private static void Decisions(Surroundings surroundings, string title, IEnumerable<ReportedDecision> decisions, bool ofReason)
    {
        var table = new Table(
            new Column("TIME", 20), new Column("WHO", 6), new Column("DID", 7), new Column("REQUEST", 8), new Column("OF", 6), new Column("WAIT", 6),
            new Column(ofReason ? "REASON" : "WHAT", 12));
        var count = 0;
        foreach (var decision in decisions)
        {
            count++;
            var operatorName = decision.Person.Length > 0 && decision.Person != decision.Operator ? $"{decision.Operator} ({decision.Person})" : decision.Operator;
            table.Add(
                Time(decision.Time), operatorName, decision.Event == AuditEvents.DecisionRefused ? "refused" : decision.Event, decision.RequestId, decision.Principal,
                Wait(decision.Wait), ofReason ? decision.Reason : decision.Statement);
        }
        Section(surroundings, title, table, count);
    }

    private static void Refusals(Surroundings surroundings, IReadOnlyList<KeyValuePair<string, long>> refusals)
    {
        var table = new Table(new Column("CALLER", 20), new Column("CALLS", 5));
        foreach (var (caller, calls) in refusals)
            table.Add(caller, Text($"{calls}"));
        Section(surroundings, "Calls without valid credentials", table, refusals.Count);
    }

    private static void Section(Surroundings surroundings, string title, Table table, int rows)
    {
        if (rows == 0)
            return;
        surroundings.Out.WriteLine();
        surroundings.Out.WriteLine(title);
        table.Write(surroundings);
    }

    private static string Period(ApprovalReport report) =>
        $"{(report.Since is { } since ? Time(since) : "the beginning")} to {(report.Until is { } until ? Time(until) : "now")}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Wait(TimeSpan? wait) => wait switch
    {
        null => "-",
        { Ticks: < TimeSpan.TicksPerMinute } seconds => Text($"{seconds.TotalSeconds:0.#}s"),
        { Ticks: < TimeSpan.TicksPerHour } minutes => Text($"{minutes.Minutes}m{minutes.Seconds:00}s"),
        { Ticks: < TimeSpan.TicksPerDay } hours => Text($"{hours.Hours}h{hours.Minutes:00}m"),
        { } days => Text($"{(int)days.TotalDays}d{days.Hours:00}h"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
