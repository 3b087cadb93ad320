using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Labels;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;
using WireGuardian.Testing.Labels;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>The control plane on Kestrel, on a loopback port, over fakes.</summary>
internal sealed class ControlPlaneHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControlPlaneHost(WebApplication app) => _app = app;

    public required FakeApprovalQueue Queue { get; init; }
    public required FakeAuditLog Audit { get; init; }
    public required CollectedLog Log { get; init; }
    public Uri Address => new(_app.Urls.Single());
    public string HostAndPort => $"127.0.0.1:{Address.Port}";

    public static async Task<ControlPlaneHost> StartAsync(
        ControlPlaneOptions? options = null,
        X509Certificate2? certificate = null,
        FakeApprovalQueue? queue = null,
        int port = 0,
        TimeProvider? time = null,
        IOperatorVerifier? operators = null,
        X509Certificate2Collection? clientAuthorities = null,
        OidcOptions? oidc = null,
        IAuditArchive? archive = null)
    {
        queue ??= new FakeApprovalQueue();
        var audit = new FakeAuditLog();
        var log = new CollectedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(
            kestrel => kestrel.ListenControlPlane(new IPEndPoint(IPAddress.Loopback, port), certificate, chain: null, clientAuthorities));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        var app = builder.Build();
        app.MapControlPlane(
            queue, audit, new LabelBook(new InMemoryLabelStore()), operators ?? new FakeOperators(), Status, time ?? TimeProvider.System, options, archive, oidc);
        await app.StartAsync();
        return new ControlPlaneHost(app) { Queue = queue, Audit = audit, Log = log };
    }

    public GrpcChannel Channel(string? token = FakeOperators.Dana)
        => GrpcChannel.ForAddress(Address, new GrpcChannelOptions { BearerToken = token });

    public ControlPlaneClient Client(string? token = FakeOperators.Dana) => new(Channel(token));

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ServerStatus Status() => new(
        "1.2.3", Samples.Noon, "policy-7", [new ListenerStatus("app-pg", "postgres", "127.0.0.1:6432", "127.0.0.1:5432")]);
}
