using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>One listener with the place that it stands at.</summary>
internal sealed record LocatedListener(ListenerOptions Options, YamlPosition Position, YamlPosition Listen);

/// <summary>What <c>listeners:</c> holds: the names of all of them, and those in which nothing is wrong.</summary>
internal sealed record ReadListeners(IReadOnlyList<string> Names, IReadOnlyList<LocatedListener> Good);

/// <summary>Reads <c>listeners:</c>.</summary>
internal static class ListenersSection
{
    private static readonly ScalarForm<string> Protocol = ScalarForms.Choice(
        new Dictionary<string, string> { ["postgres"] = "postgres", ["mysql"] = "mysql" });

    public static ReadListeners Read(Section root, LimitOptions limits)
    {
        var sections = root.Children("listeners", "a listener", "a list of at least one listener, each with name, protocol, listen and upstream");
        var names = new List<string>();
        var good = new List<LocatedListener>();
        foreach (var section in sections)
        {
            var name = section.Require("name", ScalarForms.Name);
            if (name is not null && names.Contains(name.Value))
                root.Context.Error(name.Position, $"a listener called \"{name.Value}\" is above already; every listener needs a name of its own");
            else if (name is not null)
                names.Add(name.Value);
            if (ReadOne(section, name, limits) is { } listener)
                good.Add(listener);
        }
        return new ReadListeners(names, good);
    }

    private static LocatedListener? ReadOne(Section section, Located<string>? name, LimitOptions limits)
    {
        var protocol = section.Require("protocol", Protocol);
        var listen = section.Require("listen", ScalarForms.ListenAddress);
        var upstream = section.Require("upstream", ScalarForms.ServerAddress);
        var tls = TlsSection.ReadClient(section);
        var upstreamTls = TlsSection.ReadUpstream(section);
        var catalog = ReadCatalog(section);
        var environment = section.Optional("environment", ScalarForms.Name);
        var localInfile = section.Optional("localInfile", ScalarForms.Boolean);
        if (localInfile is { Value: true } && protocol is { Value: not "mysql" })
            section.Context.Error(localInfile.Position, "localInfile is for protocol mysql only; expected false");
        var own = section.Child("limits", "limits");
        var ownLimits = LimitsSection.Read(own, limits);
        own?.Finish();
        section.Finish();
        if (name is null || protocol is null || listen is null || upstream is null)
            return null;
        return new LocatedListener(
            new ListenerOptions
            {
                Name = name.Value,
                Protocol = protocol.Value,
                Listen = listen.Value,
                Upstream = upstream.Value,
                Tls = tls,
                UpstreamTls = upstreamTls,
                Catalog = catalog,
                LocalInfile = localInfile?.Value ?? false,
                Environment = environment?.Value ?? "",
                Limits = ownLimits,
            },
            section.Position,
            listen.Position);
    }

    private static CatalogLogin? ReadCatalog(Section listener)
    {
        if (listener.Child("catalog", "a catalog login") is not { } catalog)
            return null;
        var username = catalog.Require("username", ScalarForms.Name);
        var password = SecretReader.ReadText(catalog, "password");
        catalog.Finish();
        // A login that is wrong in itself still counts as one, so that only its own error is reported.
        return new CatalogLogin(username?.Value ?? "", password?.Value);
    }
}
