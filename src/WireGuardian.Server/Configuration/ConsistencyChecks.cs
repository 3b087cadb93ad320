using System.Net;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Configuration.Sections;
using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration;

/// <summary>What can only be judged when several sections are known.</summary>
internal static class ConsistencyChecks
{
    /// <summary>A masking rule without a catalog login could not be applied: which column a result column is would stay unknown.</summary>
    public static void MaskingHasCatalog(ReadingContext context, IEnumerable<LocatedListener> listeners, IReadOnlyList<MaskingRule> rules)
    {
        foreach (var listener in listeners.Where(listener => listener.Options.Catalog is null))
        {
            if (rules.FirstOrDefault(rule => rule.Listeners.Count == 0 || rule.Listeners.Contains(listener.Options.Name)) is { } rule)
                context.Error(listener.Position, $"listener \"{listener.Options.Name}\" needs \"catalog\": masking rule \"{rule.Name}\" is for it; expected catalog: {{ username: …, password: … }}");
        }
    }

    /// <summary>Without a catalog login it would stay unknown which column a result column is, and what type it has.</summary>
    public static void DetectionHasCatalog(ReadingContext context, IEnumerable<LocatedListener> listeners, IReadOnlyList<DetectionRule> rules)
    {
        foreach (var listener in listeners.Where(listener => listener.Options.Catalog is null))
        {
            if (rules.FirstOrDefault(rule => rule.AppliesTo(listener.Options.Name)) is { } rule)
                context.Error(listener.Position, $"listener \"{listener.Options.Name}\" needs \"catalog\": detection rule \"{rule.Name}\" is for it; expected catalog: {{ username: …, password: … }}");
        }
    }

    /// <summary>Which of a statement's columns choose rows is told for PostgreSQL alone.</summary>
    public static void BudgetsAreForPostgres(ReadingContext context, Section root, IEnumerable<LocatedListener> listeners, IReadOnlyList<MaskingRule> rules)
    {
        foreach (var rule in rules.Where(rule => rule.PredicateBudget is not null))
        {
            if (listeners.FirstOrDefault(listener => listener.Options.Protocol == "mysql" && rule.AppliesTo(listener.Options.Name)) is { } listener)
                context.Error(root.PositionOf("masking"), $"masking rule \"{rule.Name}\" has a budget of predicates, which listener \"{listener.Options.Name}\" (mysql) cannot count; name the rule's listeners");
        }
    }

    /// <summary>MySQL's servers stop a statement only for a login that may kill it.</summary>
    public static void LimitsHaveCatalog(ReadingContext context, Section root, IEnumerable<LocatedListener> listeners, IReadOnlyList<ApprovalRule> rules)
    {
        foreach (var rule in rules.Where(rule => rule.LimitsResults))
        {
            if (listeners.FirstOrDefault(listener => listener.Options is { Protocol: "mysql", Catalog: null } && rule.AppliesTo(listener.Options.Name)) is { } listener)
                context.Warn(root.PositionOf("approvals"), $"listener \"{listener.Options.Name}\" (mysql) has no \"catalog\" login to stop the server with: a result that rule \"{rule.Name}\" ends will end its session too");
        }
    }

    /// <summary>Every address that is listened on is listened on once, and no listener is its own server.</summary>
    public static void AddressesDiffer(
        ReadingContext context, IReadOnlyList<LocatedListener> listeners, Located<ControlOptions>? control, Located<MetricsOptions>? metrics,
        Located<CallbackOptions>? callbacks)
    {
        var taken = new List<(IPEndPoint Address, string Owner)>();
        foreach (var listener in listeners)
        {
            Take(listener.Options.Listen, $"listener \"{listener.Options.Name}\"", listener.Listen);
            if (IPAddress.TryParse(listener.Options.Upstream.Host, out var address) && new IPEndPoint(address, listener.Options.Upstream.Port).Equals(listener.Options.Listen))
                context.Error(listener.Listen, $"listener \"{listener.Options.Name}\" would connect to itself: listen and upstream are the same address");
        }
        if (control is not null)
            Take(control.Value.Listen, "control", control.Position);
        if (metrics is not null)
            Take(metrics.Value.Listen, "metrics", metrics.Position);
        if (callbacks is not null)
            Take(callbacks.Value.Listen, "callbacks", callbacks.Position);

        void Take(IPEndPoint address, string owner, YamlPosition position)
        {
            // Port 0 is a free port, a different one each time.
            if (address.Port != 0 && taken.Find(other => other.Address.Equals(address)).Owner is { } other)
                context.Error(position, $"{address} is the address of {other} already");
            taken.Add((address, owner));
        }
    }

    /// <summary>An operator is told by what the control plane asks for.</summary>
    public static void OperatorsCanBeTold(Section root, Located<ControlOptions>? control, IReadOnlyList<OperatorOptions> operators)
    {
        if (operators.FirstOrDefault(one => one.Certificate is not null) is { } certified && control is { Value.ClientAuthorities: null })
            root.Context.Error(root.PositionOf("operators"), $"operator \"{certified.Name}\" has a client certificate, but \"control\" asks for none; expected control: {{ tls: {{ clientCa: … }} }}");
        if (operators.FirstOrDefault(one => one.Oidc is not null) is { } signedIn && control is { Value.Oidc: null })
            root.Context.Error(root.PositionOf("operators"), $"operator \"{signedIn.Name}\" signs in at an OpenID provider, but \"control\" names none; expected control: {{ oidc: {{ issuer: …, audience: … }} }}");
    }

    /// <summary>Messages with buttons and links need an address that those lead to, and somebody who may press them.</summary>
    public static void ChannelsCanBeAnswered(
        Section root, IReadOnlyList<ChannelOptions> channels, Located<CallbackOptions>? callbacks, IReadOnlyList<OperatorOptions> operators)
    {
        if (channels.FirstOrDefault(channel => channel.Webhook is null) is { } answered && callbacks is null && !root.Has("callbacks"))
            root.Context.Error(root.PositionOf("channels"), $"channel \"{answered.Name}\" takes decisions, and nothing says where; expected callbacks: {{ listen: …, url: … }}");
        if (channels.FirstOrDefault(channel => channel.Slack is not null) is { } slack && !operators.Any(one => one.Slack is not null))
            root.Context.Warn(root.PositionOf("channels"), $"channel \"{slack.Name}\" has buttons, but no operator has a \"slack\" id: nobody can press them");
    }

    /// <summary>Held statements need somebody who can decide.</summary>
    public static void HoldsCanBeDecided(
        ReadingContext context, Section root, Policy policy, Located<ControlOptions>? control, IReadOnlyList<OperatorOptions> operators)
    {
        // With any rule at all, what is unclassified is held even where no rule says "hold".
        if (policy.Approvals.Count == 0)
            return;
        if (control is null && !root.Has("control"))
            context.Warn(root.PositionOf("approvals"), "statements can be held, but without \"control\" nobody can decide on them: they can only expire");
        else if (operators.Count == 0 && !root.Has("operators") && control?.Value.Oidc is not { OperatorGroups.Count: > 0 })
            context.Warn(root.PositionOf("approvals"), "statements can be held, but there are no \"operators\" to decide on them: they can only expire");
    }
}
