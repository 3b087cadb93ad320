using WireGuardian.Proxy.Listening;

namespace WireGuardian.Server.Composition;

/// <summary>Makes the listener of one protocol; does not start it.</summary>
public delegate IProxyListener ListenerFactory(ListenerOptions options, ServerContext context);

/// <summary>The one place that knows every part: which protocols there are and what runs beside them.</summary>
public static class ServerComposition
{
    /// <summary>Protocols by their name in the configuration. A new protocol is one line here.</summary>
    private static readonly Dictionary<string, ListenerFactory> Protocols = [];

    /// <summary>Makes the parts of the server; starts none.</summary>
    /// <exception cref="CompositionException">A listener asks for a protocol that this build does not have.</exception>
    public static ServerParts Compose(ServerContext context) => new()
    {
        Listeners = [.. context.Configuration.Listeners.Select(listener => MakeListener(listener, context))],
    };

    private static IProxyListener MakeListener(ListenerOptions options, ServerContext context) =>
        Protocols.TryGetValue(options.Protocol, out var factory)
            ? factory(options, context)
            : throw new CompositionException($"listener \"{options.Name}\": this build has no protocol \"{options.Protocol}\"");
}

/// <summary>The server cannot be put together as it is configured.</summary>
public sealed class CompositionException(string message) : Exception(message);
