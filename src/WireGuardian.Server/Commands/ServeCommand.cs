using System.CommandLine;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Logging;
using WireGuardian.Server.Metrics;

namespace WireGuardian.Server.Commands;

/// <summary><c>serve</c>: runs the proxy until a signal ends it.</summary>
internal static class ServeCommand
{
    private static readonly Dictionary<string, LogLevel> Levels = new()
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    public static Command Create(Func<ServerContext, ServerParts> compose)
    {
        var config = CommonOptions.Config();
        var log = new Option<string>("--log") { Description = "How the log on stderr is written.", HelpName = "text|json", DefaultValueFactory = _ => "text" };
        log.AcceptOnlyFromAmong("text", "json");
        var level = new Option<string>("--log-level")
        {
            Description = "The least level that is logged.",
            HelpName = string.Join('|', Levels.Keys),
            DefaultValueFactory = _ => "info",
        };
        level.AcceptOnlyFromAmong([.. Levels.Keys]);
        var command = new Command("serve", "Run the proxy. Prints \"ready\" once every listener accepts.") { config, log, level };
        command.SetAction(async parsed =>
        {
            var streams = parsed.InvocationConfiguration;
            var file = parsed.GetRequiredValue(config);
            if (ConfigurationFile.Load(file, streams.Error) is not { } configuration)
                return ExitCodes.Wrong;
            var format = parsed.GetValue(log) == "json" ? LogFormat.Json : LogFormat.Text;
            using var loggers = LineLoggerProvider.CreateFactory(streams.Error, format, Levels[parsed.GetRequiredValue(level)], TimeProvider.System);
            return await RunAsync(file, configuration, loggers, streams.Output, compose);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string file, WireGuardianConfiguration configuration, ILoggerFactory loggers, TextWriter output, Func<ServerContext, ServerParts> compose)
    {
        var logger = loggers.CreateLogger("WireGuardian.Server");
        foreach (var warning in configuration.Warnings)
            logger.ConfigurationWarning(warning.ToString());
        using var meter = new Meter(ProxyMetrics.MeterName, ProductVersion.Text);
        // The checkpoints of the trail may go there too, from threads of their own.
        output = TextWriter.Synchronized(output);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pipeline = new MetricsPipeline(configuration.Metrics?.Otlp);
        ServerHost host;
        ServerContext context;
        try
        {
            MaskingKeyFile.CreateDataDirectory(configuration.DataDirectory);
            context = new ServerContext
            {
                Configuration = configuration,
                Policies = new PolicySource(configuration.Policy),
                MaskingKey = configuration.MaskingKey ?? MaskingKeyFile.ReadOrCreate(configuration.DataDirectory),
                Meter = meter,
                Metrics = new ProxyMetrics(meter),
                Loggers = loggers,
                Time = TimeProvider.System,
                Output = output,
                Ready = ready.Task,
            };
            host = new ServerHost(context, compose(context), pipeline.CollectText);
        }
        catch (Exception exception) when (exception is CompositionException or IOException or UnauthorizedAccessException)
        {
            pipeline.Dispose();
            logger.StartFailed(exception.Message);
            return ExitCodes.Failed;
        }

        var reload = new ConfigurationReload(file, ConfigurationLoader.Load, host, context.Policies, logger);
        using var lifecycle = new Lifecycle(host, reload.RunAsync, output, logger, () => ready.TrySetResult());
        using var signals = new ProcessSignals(lifecycle);
        var exitCode = await lifecycle.RunAsync();
        if (!lifecycle.EndedAtOnce)
        {
            // Asked to end at once, nothing is taken apart: that could wait for what would not end.
            await host.DisposeAsync();
            pipeline.Dispose();
        }
        return exitCode;
    }
}
