using System.Security.Cryptography.X509Certificates;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Composition;

/// <summary>
/// What a reload can change and what it cannot: policy, groups and operators change at once; addresses, certificates, logins, limits and the
/// store need a restart.
/// </summary>
public static class ReloadRules
{
    /// <summary>
    /// Why the policy of <paramref name="next"/> must not come into force on what is <paramref name="running"/>; empty when it may. It must not where a
    /// listener that goes on running would lose rules by it.
    /// </summary>
    public static IReadOnlyList<string> Refusals(WireGuardianConfiguration running, WireGuardianConfiguration next)
    {
        var refusals = new List<string>();
        foreach (var listener in running.Listeners)
        {
            if (!next.Listeners.Any(other => other.Name == listener.Name))
                refusals.Add($"listener \"{listener.Name}\" is running but not in the file, so no rule could name it; removing or renaming a listener needs a restart");
            else if (listener.Catalog is null && next.Policy.Masking.FirstOrDefault(rule => rule.Listeners.Count == 0 || rule.Listeners.Contains(listener.Name)) is { } rule)
                refusals.Add($"listener \"{listener.Name}\" runs without \"catalog\", so masking rule \"{rule.Name}\" could not be applied; adding \"catalog\" needs a restart");
            else if (listener.Catalog is null && next.Policy.Detection.FirstOrDefault(rule => rule.AppliesTo(listener.Name)) is { } detection)
                refusals.Add($"listener \"{listener.Name}\" runs without \"catalog\", so detection rule \"{detection.Name}\" could not be applied; adding \"catalog\" needs a restart");
        }
        return refusals;
    }

    /// <summary>The keys that differ and take effect only after a restart.</summary>
    public static IReadOnlyList<string> KeysThatNeedRestart(WireGuardianConfiguration running, WireGuardianConfiguration next)
    {
        var keys = new List<string>();
        Compare("dataDirectory", running.DataDirectory, next.DataDirectory);
        Compare("control.listen", running.Control?.Listen, next.Control?.Listen);
        Compare("control.tls", Shape(running.Control?.Tls), Shape(next.Control?.Tls));
        Compare("control.tls.clientCa", Shape(running.Control?.ClientAuthorities), Shape(next.Control?.ClientAuthorities));
        Compare("control.oidc", Shape(running.Control?.Oidc), Shape(next.Control?.Oidc));
        Compare("callbacks", Shape(running.Callbacks), Shape(next.Callbacks));
        foreach (var name in running.Channels.Concat(next.Channels).Select(channel => channel.Name).Distinct())
            Compare($"channels.{name}", Shape(running.Channels, name), Shape(next.Channels, name));
        Compare("metrics.listen", running.Metrics?.Listen, next.Metrics?.Listen);
        Compare("metrics.otlp", running.Metrics?.Otlp, next.Metrics?.Otlp);
        Compare("limits.approvalLimits", running.ApprovalLimits, next.ApprovalLimits);
        Compare("audit.signingKey", running.Audit.SigningKey?.Public.Id, next.Audit.SigningKey?.Public.Id);
        Compare("audit.checkpoints", CheckpointsOf(running.Audit), CheckpointsOf(next.Audit));
        Compare("maskingKey", Shape(running.MaskingKey), Shape(next.MaskingKey));
        foreach (var listener in next.Listeners)
        {
            if (running.Listeners.FirstOrDefault(other => other.Name == listener.Name) is { } old)
                CompareListener($"listeners.{listener.Name}", old, listener);
            else
                keys.Add($"listeners.{listener.Name}");
        }
        return keys;

        void CompareListener(string key, ListenerOptions old, ListenerOptions listener)
        {
            Compare($"{key}.protocol", old.Protocol, listener.Protocol);
            Compare($"{key}.listen", old.Listen, listener.Listen);
            Compare($"{key}.upstream", old.Upstream, listener.Upstream);
            Compare($"{key}.tls", Shape(old.Tls), Shape(listener.Tls));
            Compare($"{key}.upstreamTls", Shape(old.UpstreamTls), Shape(listener.UpstreamTls));
            Compare($"{key}.catalog", old.Catalog, listener.Catalog);
            Compare($"{key}.localInfile", old.LocalInfile, listener.LocalInfile);
            Compare($"{key}.environment", old.Environment, listener.Environment);
            Compare($"{key}.limits", old.Limits, listener.Limits);
        }

        void Compare<T>(string key, T? old, T? value)
        {
            if (!EqualityComparer<T?>.Default.Equals(old, value))
                keys.Add(key);
        }
    }

    private static string? Shape(CallbackOptions? callbacks) => callbacks is null ? null : $"{callbacks.Listen} {callbacks.Url} {Shape(callbacks.Tls)}";

    private static string? Shape(IReadOnlyList<ChannelOptions> channels, string name) => channels.FirstOrDefault(channel => channel.Name == name) is not { } channel
        ? null
        : string.Join(
            ' ', channel.Type, string.Join(',', channel.Rules), channel.Slack?.Channel, channel.Slack?.Token, channel.Slack?.SigningSecret, channel.Slack?.Api,
            channel.Teams?.Url, channel.Webhook?.Url, Shape(channel.Webhook?.Secret));

    private static string? Shape(OidcOptions? oidc) => oidc is null ? null : string.Join(
        ' ', oidc.Issuer, oidc.Audience, oidc.ClientId, oidc.NameClaim, oidc.GroupsClaim, string.Join(',', oidc.OperatorGroups), string.Join(',', oidc.Scopes), Shape(oidc.Authorities));

    private static (int Records, TimeSpan Interval, CheckpointSinkOptions Sinks) CheckpointsOf(AuditOptions audit) =>
        (audit.CheckpointRecords, audit.CheckpointInterval, audit.Sinks);

    private static string? Shape(byte[]? key) => key is null ? null : Convert.ToHexString(key);

    private static string? Shape(ClientTlsOptions? tls) => tls is null ? null : $"{tls.Mode} {tls.Certificate?.Thumbprint} {Shape(tls.Chain)}";

    private static string Shape(UpstreamTlsOptions tls) => $"{tls.Mode} {tls.ClientCertificate?.Thumbprint} {Shape(tls.Authorities)}";

    private static string? Shape(X509Certificate2Collection? certificates) =>
        certificates is null ? null : string.Join(' ', certificates.Select(certificate => certificate.Thumbprint));
}
