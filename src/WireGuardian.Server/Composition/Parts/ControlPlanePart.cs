using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.Server.Composition.Parts;

/// <summary>The control plane on its own listener.</summary>
internal sealed class ControlPlanePart(ServerContext context, ControlOptions options, StorePart store, OperatorsPart operators) : IServerPart
{
    private readonly DateTimeOffset _startedAt = context.Time.GetUtcNow();
    private WebApplication? _application;

    public string Name => "control";

    public string? Problem => _application is null ? "not started" : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The process's own lifecycle handles signals, and stops this with the rest.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(context.Loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(
            kestrel => kestrel.ListenControlPlane(options.Listen, options.Tls.Certificate, options.Tls.Chain, options.ClientAuthorities));
        var application = builder.Build();
        application.UseRouting();
        application.MapControlPlane(
            store.Queue, store.Audit, store.Labels, operators.Verifier, Status, context.Time, archive: store.Archive, oidc: options.Oidc);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
        _application = application;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _application is null ? Task.CompletedTask : _application.StopAsync(cancellationToken);

    public void Apply(WireGuardianConfiguration configuration)
    {
        // Who may call is the operators' part to know; the rest takes a restart.
    }

    public ValueTask DisposeAsync() => _application is null ? ValueTask.CompletedTask : _application.DisposeAsync();

    private ServerStatus Status() => new(
        ProductVersion.Text, _startedAt, context.Policies.Current.VersionName,
        [.. context.Configuration.Listeners.Select(one =>
            new ListenerStatus(one.Name, one.Protocol, one.Listen.ToString(), $"{one.Upstream.Host}:{one.Upstream.Port}"))]);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
