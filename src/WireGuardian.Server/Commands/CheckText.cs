using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>A configuration as <c>check</c> prints it for people, in 80 columns and without secrets.</summary>
public static class CheckText
{
    private const int LabelWidth = 15;

    public static string Write(WireGuardianConfiguration configuration)
    {
        var report = new Report();
        report.Line(0, LabelWidth, "dataDirectory", configuration.DataDirectory);
        report.Line(0, LabelWidth, "control", Control(configuration.Control));
        report.Line(0, LabelWidth, "metrics", Metrics(configuration.Metrics));
        report.Line(0, LabelWidth, "maskingKey", configuration.MaskingKey is null ? "kept in the data directory" : "from the configuration");
        Listeners(report, configuration.Listeners);
        Masking(report, configuration.Policy);
        Detection(report, configuration.Policy);
        report.Heading("Functions: what their results are made of");
        Named(report, configuration.Policy.Functions.Select(label => (label.ToString(), Label(label))));
        report.Heading("Canaries: a session that is about to receive one is ended");
        Named(report, configuration.Policy.Canaries.Select(canary => (canary.Name, $"{canary.Value.Length} bytes, on {List(canary.Listeners, "all listeners")}")));
        Approvals(report, configuration.Policy);
        Channels(report, configuration);
        report.Heading("Groups of database logins");
        Named(report, configuration.Policy.Groups.Select(group => (group.Key, List(group.Value, "nobody"))));
        report.Heading("Operators");
        Named(report, configuration.Operators.Select(one => (one.Name, $"{List(one.Groups, "in no group")}; by {List(Proofs(one), "nothing")}")));
        if (configuration.Policy.People.All is { Count: > 0 } people)
        {
            report.Heading("People");
            Named(report, people.Select(person => (person.Name, List(PolicyWords.NamesOf(person), "no name"))));
        }
        report.Heading("Audit trail");
        Named(report, [
            ("signed", AuditWords.SigningKey(configuration.Audit)),
            ("checkpoints", AuditWords.Checkpoints(configuration.Audit)),
            ("kept", AuditWords.Retention(configuration.Audit)),
        ]);
        Limits(report, configuration);
        return report.ToString();
    }

    private static void Channels(Report report, WireGuardianConfiguration configuration)
    {
        if (configuration.Channels.Count == 0)
            return;
        report.Heading("Channels: where held statements are told of");
        Named(report, configuration.Channels.Select(channel => (channel.Name, $"{channel.Type}, rules: {List(channel.Rules, "all")}")));
        if (configuration.Callbacks is { } callbacks)
            report.Line(2, LabelWidth + 2, "callbacks", $"{callbacks.Listen} ({(callbacks.Tls.Certificate is null ? "in clear, loopback only" : "TLS")}), reached as {PolicyWords.Of(callbacks.Url)}");
    }

    private static string Control(ControlOptions? control) =>
        control is null ? "none: nobody can decide on held statements" : $"{control.Listen} ({(control.Tls.Certificate is null ? "in clear, loopback only" : control.ClientAuthorities is null ? "TLS" : "TLS, with client certificates")})"
            + (control.Oidc is { } oidc ? $"; OpenID provider {oidc.Issuer}, audience {oidc.Audience}" : "");

    private static IEnumerable<string> Proofs(OperatorOptions one)
    {
        if (one.Token.Length > 0)
            yield return "token";
        if (one.Certificate is { } certificate)
            yield return $"certificate {certificate.Text}";
        if (one.Oidc is { } name)
            yield return $"OpenID as {name}";
        if (one.Slack is { } user)
            yield return $"Slack user {user}";
    }

    private static string Metrics(MetricsOptions? metrics)
    {
        if (metrics is null)
            return "none";
        return metrics.Otlp is not { } otlp
            ? metrics.Listen.ToString()
            : $"{metrics.Listen}; sent to {PolicyWords.Of(otlp.Endpoint)} ({PolicyWords.Of(otlp.Protocol)}) every {Show.Duration(otlp.Interval)}";
    }

    private static void Listeners(Report report, IReadOnlyList<ListenerOptions> listeners)
    {
        report.Heading("Listeners");
        foreach (var listener in listeners)
        {
            report.Line(2, listener.Name);
            report.Line(4, LabelWidth, "protocol", listener.Protocol);
            report.Line(4, LabelWidth, "listen", $"{listener.Listen}, TLS {PolicyWords.Of(listener.Tls.Mode)}");
            report.Line(4, LabelWidth, "upstream", $"{PolicyWords.Of(listener.Upstream)}, TLS {PolicyWords.Of(listener.UpstreamTls.Mode)}");
            if (listener.Environment.Length > 0)
                report.Line(4, LabelWidth, "environment", listener.Environment);
            report.Line(4, LabelWidth, "catalog", listener.Catalog is { } catalog ? $"as {catalog.Username}" : "none: nothing can be masked");
        }
    }

    private static void Masking(Report report, Policy policy)
    {
        report.Heading("Masking: the first rule that matches a column decides");
        Numbered(report, policy.Masking.Select(rule => (rule.Name, new (string, string)[]
        {
            ("with", PolicyWords.Of(rule.Mask)),
            ("columns", List(rule.Columns.Select(column => column.ToString()), "")),
            ("listeners", List(rule.Listeners, "all")),
            ("exempt", List(rule.Exempt, "nobody")),
            ("predicates", PolicyWords.OfPredicates(rule)),
            ("derived", rule.LeavesDerived ? "allow" : "redact"),
        })));
        report.Line(2, LabelWidth + 2, "copies", PolicyWords.Of(policy.Copies));
    }

    private static void Detection(Report report, Policy policy)
    {
        if (policy.Detection.Count == 0)
            return;
        report.Heading("Detection: the first rule that covers a column looks into its values");
        Numbered(report, policy.Detection.Select(rule => (rule.Name, new (string, string)[]
        {
            ("columns", List(rule.Columns.Select(column => column.ToString()), "all")),
            ("exclude", List(rule.Except.Select(column => column.ToString()), "none")),
            ("listeners", List(rule.Listeners, "all")),
            ("detectors", rule.Detectors == DetectorSet.All ? "all" : List(PolicyWords.NamesOf(rule.Detectors), "none")),
            ("minimumScore", $"{rule.MinimumScore}"),
            ("mask", rule.Observe ? "none: findings are only counted" : PolicyWords.Of(rule.Mask)),
            ("exempt", List(rule.Exempt, "nobody")),
        })));
    }

    private static string Label(FunctionLabel label)
    {
        var columns = label.Columns.Count == 0 ? "" : $" {List(label.Columns.Select(column => column.ToString()), "")}";
        return $"{PolicyWords.Of(label.Result)}{columns}{(label.IsReadOnly ? ", read only" : "")}, on {List(label.Listeners, "all listeners")}";
    }

    private static void Approvals(Report report, Policy policy)
    {
        report.Heading("Approvals: the first rule that matches a statement decides; no match: allow");
        var rules = policy.Approvals.Select(rule => (rule.Name, Approval(rule)));
        if (BuiltInRule.For(policy) is { } builtIn)
            rules = rules.Append(($"{builtIn.Name} (built in)", Approval(builtIn)));
        Numbered(report, rules);
    }

    private static (string, string)[] Approval(ApprovalRule rule)
    {
        (string, string)[] always = [("kinds", List(rule.Kinds.ToNames(), "")), ("listeners", List(rule.Listeners, "all")), ("action", PolicyWords.Of(rule.Action))];
        return rule.Action != RuleAction.Hold && !(rule.Action == RuleAction.Allow && rule.LimitsResults)
            ? always
            :
            [
                .. always,
                .. rule.MaxRows is { } rows ? [("maxRows", $"{rows}, then held")] : ((string, string)[])[],
                .. rule.MaxBytes is { } bytes ? [("maxBytes", $"{Show.Size((int)bytes)}, then held")] : ((string, string)[])[],
                ("timeout", Show.Duration(rule.Timeout)), ("approvers", $"{rule.Minimum} of {List(rule.Approvers, "any operator")}"),
                .. rule.Mode == HoldMode.Resubmit ? [("mode", $"{PolicyWords.Of(rule.Mode)}, valid for {Show.Duration(rule.Validity)}")] : ((string, string)[])[],
                .. rule.BreakGlass.Count > 0 ? [("breakGlass", List(rule.BreakGlass, ""))] : ((string, string)[])[],
            ];
    }

    private static void Limits(Report report, WireGuardianConfiguration configuration)
    {
        const int limitLabelWidth = 24;
        report.Heading("Limits");
        foreach (var (key, value) in LimitWords.Of(configuration.Limits))
            report.Line(2, limitLabelWidth, key, value);
        report.Line(2, limitLabelWidth, "maxPending", $"{configuration.ApprovalLimits.MaxPending}");
        report.Line(2, limitLabelWidth, "maxPendingPerUser", $"{configuration.ApprovalLimits.MaxPendingPerUser}");
        foreach (var listener in configuration.Listeners)
        {
            foreach (var (key, value) in Differing(listener.Limits, configuration.Limits))
                report.Line(2, limitLabelWidth, key, $"{value} on {listener.Name}");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Differing(LimitOptions own, LimitOptions top) => LimitWords.Of(own).Except(LimitWords.Of(top));

    private static void Named(Report report, IEnumerable<(string Name, string Value)> lines)
    {
        var all = lines.ToList();
        foreach (var (name, value) in all)
            report.Line(2, Math.Max(LabelWidth + 2, name.Length + 2), name, value);
        if (all.Count == 0)
            report.Line(2, "none");
    }

    private static void Numbered(Report report, IEnumerable<(string Name, (string Label, string Value)[] Lines)> rules)
    {
        var number = 0;
        foreach (var (name, lines) in rules)
        {
            report.Line(2, $"{++number}. {name}");
            foreach (var (label, value) in lines)
                report.Line(4, LabelWidth, label, value);
        }
        if (number == 0)
            report.Line(2, "none");
    }

    private static string List(IEnumerable<string> items, string empty) => string.Join(", ", items) is { Length: > 0 } text ? text : empty;
}
