using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Logging;

/// <summary>Writes the log to one writer, one event a line, each line in one call.</summary>
public sealed class LineLoggerProvider(TextWriter writer, LogFormat format, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _writing = new();

    /// <summary>A logger factory with this log alone; what the web server says is shown from warnings on.</summary>
    public static ILoggerFactory CreateFactory(TextWriter writer, LogFormat format, LogLevel minimum, TimeProvider time) =>
        LoggerFactory.Create(logging => logging
            .SetMinimumLevel(minimum)
            .AddFilter("Microsoft", minimum > LogLevel.Warning ? minimum : LogLevel.Warning)
            .AddProvider(new LineLoggerProvider(writer, format, time)));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => writer.Flush();

    private void Write(string line)
    {
        lock (_writing)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private sealed class Logger(LineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // The factory's filters come first; this provider takes all that they let through.
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.None)
                return;
            var message = formatter(state, exception);
            provider.Write(provider.Format == LogFormat.Json
                ? LogLine.Json(provider.Time.GetUtcNow(), logLevel, category, eventId, message, state as IEnumerable<KeyValuePair<string, object?>>, exception)
                : LogLine.Text(provider.Time.GetUtcNow(), logLevel, category, message, exception));
        }
    }

    private LogFormat Format { get; } = format;

    private TimeProvider Time { get; } = time;
}
