using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>A configuration as <c>check --output json</c> prints it: keys as in the file, everything resolved, no secret.</summary>
public static class CheckJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(WireGuardianConfiguration configuration)
    {
        var limits = Limits(configuration.Limits);
        limits["approvalLimits"] = new JsonObject
        {
            ["maxPending"] = configuration.ApprovalLimits.MaxPending,
            ["maxPendingPerUser"] = configuration.ApprovalLimits.MaxPendingPerUser,
        };
        return new JsonObject
        {
            ["dataDirectory"] = configuration.DataDirectory,
            ["control"] = configuration.Control is { } control
                ? Control(control)
                : null,
            ["metrics"] = configuration.Metrics is { } metrics ? Metrics(metrics) : null,
            ["listeners"] = Array(configuration.Listeners.Select(Listener)),
            ["masking"] = Array(configuration.Policy.Masking.Select(MaskingRule)),
            ["detection"] = Array(configuration.Policy.Detection.Select(DetectionRule)),
            ["copies"] = PolicyWords.Of(configuration.Policy.Copies),
            ["functions"] = Array(configuration.Policy.Functions.Select(Label)),
            ["canaries"] = Array(configuration.Policy.Canaries.Select(
                canary => new JsonObject { ["name"] = canary.Name, ["listeners"] = Array(canary.Listeners), ["bytes"] = canary.Value.Length })),
            ["approvals"] = Array(configuration.Policy.Approvals.Select(rule => ApprovalRule(rule, isBuiltIn: false))
                .Concat(BuiltInRule.For(configuration.Policy) is { } builtIn ? [ApprovalRule(builtIn, isBuiltIn: true)] : [])),
            ["channels"] = Array(configuration.Channels.Select(
                channel => new JsonObject { ["name"] = channel.Name, ["type"] = channel.Type, ["rules"] = Array(channel.Rules) })),
            ["callbacks"] = configuration.Callbacks is not { } callbacks ? null : new JsonObject
            {
                ["listen"] = callbacks.Listen.ToString(),
                ["tls"] = callbacks.Tls.Certificate is not null,
                ["url"] = PolicyWords.Of(callbacks.Url),
            },
            ["groups"] = new JsonObject(configuration.Policy.Groups.Select(group => KeyValuePair.Create(group.Key, (JsonNode?)Array(group.Value)))),
            ["operators"] = Array(configuration.Operators.Select(one => Operator(one))),
            ["people"] = Array(configuration.Policy.People.All.Select(person => new JsonObject
            {
                ["name"] = person.Name,
                ["logins"] = Array(person.Logins.Select(PolicyWords.Of)),
                ["operators"] = Array(person.Operators),
                ["certificates"] = Array(person.Certificates),
            })),
            ["audit"] = Audit(configuration.Audit),
            ["limits"] = limits,
            ["warnings"] = Array(configuration.Warnings.Select(warning => warning.ToString())),
        }.ToJsonString(Options);
    }

    private static JsonObject Control(ControlOptions control) => new()
    {
        ["listen"] = control.Listen.ToString(),
        ["tls"] = control.Tls.Certificate is not null,
        ["clientCertificates"] = control.ClientAuthorities is not null,
        ["oidc"] = control.Oidc is not { } oidc ? null : new JsonObject
        {
            ["issuer"] = oidc.Issuer,
            ["audience"] = oidc.Audience,
            ["clientId"] = oidc.ClientId,
            ["nameClaim"] = oidc.NameClaim,
            ["groupsClaim"] = oidc.GroupsClaim,
            ["operatorGroups"] = Array(oidc.OperatorGroups),
        },
    };

    private static JsonObject Operator(OperatorOptions one) => new()
    {
        ["name"] = one.Name,
        ["groups"] = Array(one.Groups),
        ["token"] = one.Token.Length > 0,
        ["certificate"] = one.Certificate?.Text,
        ["oidc"] = one.Oidc,
        ["slack"] = one.Slack,
    };

    private static JsonObject Metrics(MetricsOptions metrics) => new()
    {
        ["listen"] = metrics.Listen.ToString(),
        ["otlp"] = metrics.Otlp is not { } otlp ? null : new JsonObject
        {
            ["endpoint"] = PolicyWords.Of(otlp.Endpoint),
            ["protocol"] = PolicyWords.Of(otlp.Protocol),
            ["interval"] = Show.Duration(otlp.Interval),
        },
    };

    private static JsonObject Audit(AuditOptions audit) => new()
    {
        ["signingKey"] = audit.SigningKey?.Public.Id,
        ["retention"] = audit.Retention is { } retention ? Show.Duration(retention) : null,
        ["checkpoints"] = new JsonObject
        {
            ["records"] = audit.CheckpointRecords,
            ["interval"] = Show.Duration(audit.CheckpointInterval),
            ["file"] = audit.Sinks.File,
            ["stdout"] = audit.Sinks.StandardOutput,
            ["syslog"] = audit.Sinks.Syslog?.ToString(),
            ["otlp"] = audit.Sinks.Otlp is { } otlp
                ? new JsonObject { ["endpoint"] = PolicyWords.Of(otlp.Endpoint), ["protocol"] = PolicyWords.Of(otlp.Protocol) }
                : null,
        },
    };

    private static JsonObject Listener(ListenerOptions listener) => new()
    {
        ["name"] = listener.Name,
        ["environment"] = listener.Environment,
        ["protocol"] = listener.Protocol,
        ["listen"] = listener.Listen.ToString(),
        ["upstream"] = PolicyWords.Of(listener.Upstream),
        ["tls"] = PolicyWords.Of(listener.Tls.Mode),
        ["upstreamTls"] = PolicyWords.Of(listener.UpstreamTls.Mode),
        ["catalog"] = listener.Catalog?.Username,
        ["limits"] = Limits(listener.Limits),
    };

    private static JsonObject MaskingRule(MaskingRule rule) => new()
    {
        ["name"] = rule.Name,
        ["listeners"] = Array(rule.Listeners),
        ["columns"] = Array(rule.Columns.Select(column => column.ToString())),
        ["with"] = PolicyWords.Of(rule.Mask),
        ["exempt"] = Array(rule.Exempt),
        ["predicates"] = PolicyWords.Of(rule.Predicates),
        ["predicateBudget"] = rule.PredicateBudget is { } budget ? new JsonObject { ["perHour"] = budget.PerHour, ["then"] = PolicyWords.Of(budget.Then) } : null,
        ["derived"] = rule.LeavesDerived ? "allow" : "redact",
    };

    private static JsonObject DetectionRule(DetectionRule rule) => new()
    {
        ["name"] = rule.Name,
        ["listeners"] = Array(rule.Listeners),
        ["columns"] = Array(rule.Columns.Select(column => column.ToString())),
        ["exclude"] = Array(rule.Except.Select(column => column.ToString())),
        ["detectors"] = Array(PolicyWords.NamesOf(rule.Detectors)),
        ["minimumScore"] = rule.MinimumScore,
        ["mask"] = PolicyWords.Of(rule.Mask),
        ["exempt"] = Array(rule.Exempt),
        ["observe"] = rule.Observe,
    };

    private static JsonObject Label(FunctionLabel label) => new()
    {
        ["name"] = label.ToString(),
        ["listeners"] = Array(label.Listeners),
        ["result"] = PolicyWords.Of(label.Result),
        ["readOnly"] = label.IsReadOnly,
        ["columns"] = Array(label.Columns.Select(column => column.ToString())),
    };

    private static JsonObject ApprovalRule(ApprovalRule rule, bool isBuiltIn) => new()
    {
        ["name"] = rule.Name,
        ["builtIn"] = isBuiltIn,
        ["listeners"] = Array(rule.Listeners),
        ["kinds"] = Array(rule.Kinds.ToNames()),
        ["action"] = PolicyWords.Of(rule.Action),
        ["timeout"] = Show.Duration(rule.Timeout),
        ["approvers"] = Array(rule.Approvers),
        ["minimum"] = rule.Minimum,
        ["mode"] = PolicyWords.Of(rule.Mode),
        ["validity"] = Show.Duration(rule.Validity),
        ["breakGlass"] = Array(rule.BreakGlass),
        ["maxRows"] = rule.MaxRows,
        ["maxBytes"] = rule.MaxBytes is { } bytes ? Show.Size((int)bytes) : null,
    };

    private static JsonObject Limits(LimitOptions limits) =>
        new(LimitWords.Of(limits).Select(limit => KeyValuePair.Create(limit.Key, (JsonNode?)LimitValue(limit.Value))));

    /// <summary>A count is a number; durations and sizes keep their unit.</summary>
    private static JsonValue? LimitValue(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? JsonValue.Create(count) : JsonValue.Create(value);

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static JsonArray Array(IEnumerable<JsonObject> objects) => new([.. objects]);
}
