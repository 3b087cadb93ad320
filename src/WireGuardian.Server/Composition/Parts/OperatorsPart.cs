using WireGuardian.Server.Configuration;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>Who is an operator; a reload replaces them.</summary>
internal sealed class OperatorsPart : IServerPart
{
    private readonly HttpClient? _http;
    private readonly OidcKeys? _keys;
    private volatile OperatorRegistry _registry;

    public OperatorsPart(ServerContext context)
    {
        _registry = RegistryOf(context.Configuration);
        if (context.Configuration.Control?.Oidc is { } oidc)
        {
            _http = OutgoingHttp.Create(oidc.Authorities);
            _keys = new OidcKeys(oidc, _http, context.Time, context.Loggers.CreateLogger("WireGuardian.Operators"));
            Verifier = new OperatorVerifier(() => _registry, new OidcTokens(oidc, _keys, context.Time), context.Time);
            // What signs in with a browser is told by an ID token, which is for the client.
            if (oidc.ClientId is { } client)
                SignIn = new OidcCodeFlow(oidc, new OidcTokens(oidc with { Audience = client }, _keys, context.Time), _http);
        }
        else
        {
            Verifier = new OperatorVerifier(() => _registry, null, context.Time);
        }
    }

    public string Name => "operators";

    public string? Problem => null;

    public IOperatorVerifier Verifier { get; }

    /// <summary>Signs operators in with a browser; null where there is no OpenID provider with a client.</summary>
    public OidcCodeFlow? SignIn { get; }

    /// <summary>The operators now in force.</summary>
    public OperatorRegistry Registry => _registry;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Apply(WireGuardianConfiguration configuration) => _registry = RegistryOf(configuration);

    private static OperatorRegistry RegistryOf(WireGuardianConfiguration configuration) => new(configuration.Operators, configuration.Policy.People);

    public ValueTask DisposeAsync()
    {
        _keys?.Dispose();
        _http?.Dispose();
        return ValueTask.CompletedTask;
    }
}
