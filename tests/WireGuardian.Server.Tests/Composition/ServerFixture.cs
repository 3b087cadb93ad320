using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Logging;
using WireGuardian.Server.Tests.Configuration;

namespace WireGuardian.Server.Tests.Composition;

/// <summary>A server whose parts are fakes, over the minimal configuration and what a test adds to it.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly Meter _meter = new(ProxyMetrics.MeterName);

    public ServerFixture(string addition = "")
    {
        Folder.With("config.yaml", Yaml.Minimal + addition);
        _loggers = LineLoggerProvider.CreateFactory(Log, LogFormat.Text, LogLevel.Information, TimeProvider.System);
        Logger = _loggers.CreateLogger("WireGuardian.Server");
        Audit = new FakeAuditLog(Calls);
        Part = new FakePart("control", Calls);
        Listener = new FakeListener("app", Calls);
        var configuration = Load(Folder.ConfigurationPath);
        Policies = new PolicySource(configuration.Policy);
        var context = new ServerContext
        {
            Configuration = configuration,
            Policies = Policies,
            MaskingKey = new byte[32],
            Meter = _meter,
            Metrics = new ProxyMetrics(_meter),
            Loggers = _loggers,
            Time = TimeProvider.System,
        };
        Host = new ServerHost(context, new ServerParts { Audit = Audit, Parts = [Part], Listeners = [Listener] }, () => "# metrics\n");
        var reload = new ConfigurationReload(Folder.ConfigurationPath, Load, Host, Policies, Logger);
        Lifecycle = new Lifecycle(
            Host,
            async cancellationToken =>
            {
                await reload.RunAsync(cancellationToken);
                Reloads.Release();
            },
            Output,
            Logger);
    }

    public List<string> Calls { get; } = [];

    public ConfigurationFolder Folder { get; } = new();

    public SignallingWriter Output { get; } = new();

    public StringWriter Log { get; } = new();

    public ILogger Logger { get; }

    public FakeAuditLog Audit { get; }

    public FakePart Part { get; }

    public FakeListener Listener { get; }

    public PolicySource Policies { get; }

    public ServerHost Host { get; }

    public Lifecycle Lifecycle { get; }

    /// <summary>Released after each reload, whatever came of it.</summary>
    public SemaphoreSlim Reloads { get; } = new(0);

    /// <summary>The log without its times.</summary>
    public string[] LogLines => [.. Log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[25..].Replace(Folder.Root + "/", "", StringComparison.Ordinal))];

    public async Task ReloadAsync(string yaml)
    {
        Folder.With("config.yaml", yaml);
        Lifecycle.Reload();
        await Reloads.WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Lifecycle.Dispose();
        _loggers.Dispose();
        _meter.Dispose();
        Reloads.Dispose();
        Folder.Dispose();
    }

    private WireGuardianConfiguration Load(string file) => ConfigurationLoader.Load(file, name => Folder.Environment.GetValueOrDefault(name), TimeProvider.System);
}
