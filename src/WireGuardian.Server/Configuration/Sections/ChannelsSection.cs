using System.Net;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Webhook;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>channels:</c> and <c>callbacks:</c>.</summary>
internal static class ChannelsSection
{
    private enum Kind
    {
        Slack,
        Teams,
        Webhook,
    }

    private static readonly ScalarForm<Kind> Type = ScalarForms.Choice(new Dictionary<string, Kind>
    {
        ["slack"] = Kind.Slack,
        ["teams"] = Kind.Teams,
        ["webhook"] = Kind.Webhook,
    });

    /// <summary>A name that can stand in a URL.</summary>
    private static readonly ScalarForm<string> Name = new(
        "a name of 1 to 100 letters, digits, \"-\", \"_\" and \".\"",
        text => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text.Any(char.IsAsciiLetterOrDigit) ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    private static readonly ScalarForm<string> SlackChannel = new(
        "the id of a Slack channel such as C012AB3CD",
        text => text.Length is > 1 and <= 32 && text[0] is 'C' or 'G' or 'D' && text.All(char.IsAsciiLetterOrDigit) ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    private static readonly ScalarForm<Uri> Address = new(
        "an https URL", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsSafe(uri) ? Parsed<Uri>.Good(uri) : Parsed<Uri>.Bad);

    private static readonly ScalarForm<Uri> Origin = new(
        "an https URL without a path, such as https://guardian.example.com",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsSafe(uri) && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? Parsed<Uri>.Good(uri)
            : Parsed<Uri>.Bad);

    public static Located<CallbackOptions>? ReadCallbacks(Section root)
    {
        if (root.Child("callbacks", "the settings of callbacks") is not { } callbacks)
            return null;
        var listen = callbacks.Require("listen", ScalarForms.ListenAddress);
        var url = callbacks.Require("url", Origin);
        var tls = TlsSection.ReadHttp(callbacks);
        if (listen is not null && !IPAddress.IsLoopback(listen.Value.Address) && !callbacks.Has("tls"))
            callbacks.Context.Error(listen.Position, $"{listen.Value} is not a loopback address: decisions would cross the network in clear; expected tls: {{ certificate: …, key: … }}");
        callbacks.Finish();
        return listen is null || url is null ? null : new Located<CallbackOptions>(new CallbackOptions(listen.Value, tls, url.Value), listen.Position);
    }

    public static IReadOnlyList<ChannelOptions> Read(Section root, IReadOnlyCollection<string> rules)
    {
        var channels = new List<ChannelOptions>();
        foreach (var section in root.Children("channels", "a channel"))
        {
            var name = section.Require("name", Name);
            if (name is not null && channels.Any(other => other.Name == name.Value))
                section.Context.Error(name.Position, $"a channel called \"{name.Value}\" is above already");
            if (ReadOne(section, name?.Value ?? "", rules) is { } channel && name is not null)
                channels.Add(channel);
        }
        return channels;
    }

    private static ChannelOptions? ReadOne(Section section, string name, IReadOnlyCollection<string> rules)
    {
        var type = section.Require("type", Type);
        var of = section.List("rules", ScalarForms.Name, mayBeEmpty: false) ?? [];
        foreach (var rule in of.Where(rule => !rules.Contains(rule.Value)))
        {
            section.Context.Error(rule.Position, NearestName.Find(rule.Value, rules) is { } near
                ? $"there is no rule \"{rule.Value}\"; did you mean \"{near}\"?"
                : $"there is no rule \"{rule.Value}\" that could hold a statement");
        }
        var read = new ChannelOptions { Name = name, Rules = [.. of.Select(rule => rule.Value)] };
        switch (type?.Value)
        {
            case Kind.Slack:
                read = read with { Slack = ReadSlack(section) };
                break;
            case Kind.Teams:
                read = read with { Teams = ReadUrl(section, "the URL of the workflow") is { } workflow ? new TeamsOptions(workflow) : null };
                break;
            case Kind.Webhook:
                read = read with { Webhook = ReadWebhook(section) };
                break;
        }
        // Which keys a channel has depends on its type: without one, none can be called unknown.
        if (type is null)
            return null;
        section.Finish();
        return read is { Slack: null, Teams: null, Webhook: null } ? null : read;
    }

    private static SlackOptions? ReadSlack(Section section)
    {
        var channel = section.Require("channel", SlackChannel);
        var token = RequireSecret(section, "token", "the app's bot token");
        var signingSecret = RequireSecret(section, "signingSecret", "the app's signing secret");
        var api = section.Optional("api", Address)?.Value ?? new Uri("https://slack.com/api/");
        if (!api.AbsolutePath.EndsWith('/'))
            section.Context.Error(section.PositionOf("api"), "expected a URL that ends in \"/\"");
        return channel is null || token is null || signingSecret is null ? null : new SlackOptions(channel.Value, token.Value, signingSecret.Value, api);
    }

    private static WebhookOptions? ReadWebhook(Section section)
    {
        var url = ReadUrl(section, "the receiver's URL");
        var secret = RequireSecret(section, "secret", "the secret to sign with");
        if (secret is null)
            return null;
        var key = WebhookSignature.KeyOf(secret.Value);
        if (key is null)
            section.Context.Error(secret.Position, $"expected base64 after \"{WebhookSignature.Prefix}\"");
        else if (key.Length < WebhookSignature.ShortestKey)
            section.Context.Error(secret.Position, $"expected a secret of {WebhookSignature.ShortestKey} bytes or more; make one with: openssl rand -hex 32");
        return url is null || key is null ? null : new WebhookOptions(url, key);
    }

    /// <summary>A URL that can hold a secret, so it is read as one.</summary>
    private static Uri? ReadUrl(Section section, string expected)
    {
        if (RequireSecret(section, "url", expected) is not { } url)
            return null;
        if (Address.Parse(url.Value) is { Succeeded: true, Value: var parsed })
            return parsed;
        section.Context.Error(url.Position, "expected an https URL");
        return null;
    }

    private static Located<string>? RequireSecret(Section section, string key, string expected)
    {
        if (!section.Has(key) && !section.Has(key + "File"))
            section.Missing(key, $"{expected}, or \"{key}File\" with the path of a file that holds it");
        return SecretReader.ReadText(section, key) is { } secret ? secret with { Value = secret.Value.Trim() } : null;
    }

    private static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
}
