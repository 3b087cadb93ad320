using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Explaining;
using WireGuardian.MySql.Sampling;
using WireGuardian.MySql.Session;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Explaining;
using WireGuardian.Postgres.Sampling;
using WireGuardian.Postgres.Session;
using WireGuardian.Proxy.Explaining;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Server.Composition.Parts;
using WireGuardian.Storage;

namespace WireGuardian.Server.Composition;

/// <summary>The one place that knows every part: which protocols there are and what runs beside them.</summary>
public static class ServerComposition
{
    /// <summary>Makes the listener of one protocol; does not start it.</summary>
    private delegate IProxyListener ListenerFactory(ListenerOptions options, ServerContext context, StorePart store);

    /// <summary>Protocols by their name in the configuration. A new protocol is one line here.</summary>
    private static readonly Dictionary<string, ListenerFactory> Protocols = new()
    {
        ["postgres"] = (options, context, store) => new ProtocolListener(options, context, store, (services, logger) =>
            new PostgresSessions(services, new PostgresCatalogs(
                () => context.Policies.Current.Masking, context.Time, diagnostics: logger.Catalog,
                functions: () => context.Policies.Current.Functions, labels: Labels(context, store), detection: () => context.Policies.Current.Detection))),
        ["mysql"] = (options, context, store) => new ProtocolListener(options, context, store, (services, logger) =>
            new MySqlSessions(services, options.Catalog is null ? null : new MySqlCatalog(options, () => context.Policies.Current.Masking, context.Time, diagnostics: logger.Catalog))),
    };

    private static readonly Dictionary<string, Func<ListenerOptions, PolicySource, LabelBook, TimeProvider, IStatementExplainer>> Explainers = new()
    {
        ["postgres"] = (options, policies, labels, time) => new PostgresExplainer(options, policies, time, labels),
        ["mysql"] = (options, policies, _, time) => new MySqlExplainer(options, policies, time),
    };

    /// <summary>Says, for one listener and without starting anything, what would become of statements.</summary>
    /// <exception cref="CompositionException">The listener asks for a protocol that this build does not have.</exception>
    public static IStatementExplainer MakeExplainer(ListenerOptions options, PolicySource policies, LabelBook labels, TimeProvider time) =>
        Explainers.TryGetValue(options.Protocol, out var factory)
            ? factory(options, policies, labels, time)
            : throw new CompositionException($"listener \"{options.Name}\": this build has no protocol \"{options.Protocol}\"");

    private static readonly Dictionary<string, Func<ListenerOptions, PolicySource, LabelBook, SampleOptions, TimeProvider, ITableSampler>> Samplers = new()
    {
        ["postgres"] = (listener, policies, labels, options, time) => new PostgresSampler(listener, policies, labels, options, time),
        ["mysql"] = (listener, policies, _, options, time) => new MySqlSampler(listener, policies, options, time),
    };

    /// <summary>Samples the tables of one listener, which has a catalog login, without starting anything.</summary>
    /// <exception cref="CompositionException">The listener asks for a protocol that this build does not have.</exception>
    public static ITableSampler MakeSampler(ListenerOptions listener, PolicySource policies, LabelBook labels, SampleOptions options, TimeProvider time) =>
        Samplers.TryGetValue(listener.Protocol, out var factory)
            ? factory(listener, policies, labels, options, time)
            : throw new CompositionException($"listener \"{listener.Name}\": this build has no protocol \"{listener.Protocol}\"");

    /// <summary>Makes the parts of the server; starts none.</summary>
    /// <exception cref="CompositionException">A listener asks for a protocol that this build does not have, or the store cannot be used.</exception>
    public static ServerParts Compose(ServerContext context)
    {
        StorePart store;
        try
        {
            store = new StorePart(context);
        }
        catch (StorageException exception)
        {
            throw new CompositionException(exception.Message);
        }
        var operators = new OperatorsPart(context);
        List<IServerPart> parts = [store, operators];
        if (context.Configuration.Control is { } control)
            parts.Add(new ControlPlanePart(context, control, store, operators));
        if (context.Configuration.Channels.Count > 0)
            parts.Add(new ChannelsPart(context, store, operators));
        return new ServerParts
        {
            Parts = parts,
            Listeners = [.. context.Configuration.Listeners.Select(listener => MakeListener(listener, context, store))],
            Audit = store.Audit,
        };
    }

    private static CatalogLabels Labels(ServerContext context, StorePart store) => new(store.Labels, () => context.Policies.Current.Copies == CopiesMode.Label);

    private static IProxyListener MakeListener(ListenerOptions options, ServerContext context, StorePart store) =>
        Protocols.TryGetValue(options.Protocol, out var factory)
            ? factory(options, context, store)
            : throw new CompositionException($"listener \"{options.Name}\": this build has no protocol \"{options.Protocol}\"");
}

/// <summary>The server cannot be put together as it is configured.</summary>
public sealed class CompositionException(string message) : Exception(message);
