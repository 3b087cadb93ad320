using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Logging;

/// <summary>Writes one event of the log as one line, whatever its message holds.</summary>
public static class LogLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>2026-11-22T10:00:00.000Z info  WireGuardian.Proxy  message</c></summary>
    public static string Text(DateTimeOffset time, LogLevel level, string category, string message, Exception? exception)
    {
        var line = new StringBuilder()
            .Append(time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)).Append(' ')
            .Append(LevelName(level).PadRight(5)).Append(' ')
            .Append(category).Append("  ");
        AppendOneLine(line, message);
        if (exception is not null)
            AppendOneLine(line.Append(" | "), exception.ToString());
        return line.ToString();
    }

    /// <summary>An object with <c>time level category event message</c>, the message's own values, and <c>exception</c> where there is one.</summary>
    public static string Json(
        DateTimeOffset time, LogLevel level, string category, EventId id, string message,
        IEnumerable<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("level", LevelName(level));
            json.WriteString("category", category);
            json.WriteNumber("event", id.Id);
            json.WriteString("message", message);
            foreach (var (name, value) in values ?? [])
            {
                if (name != "{OriginalFormat}" && value is not null)
                    json.WriteString($"value.{name}", Convert.ToString(value, CultureInfo.InvariantCulture));
            }
            if (exception is not null)
                json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The level's name, as <c>--log-level</c> takes it.</summary>
    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    /// <summary>A message with a line break or another control character must not look like a second event, nor steer a terminal.</summary>
    private static void AppendOneLine(StringBuilder line, string text)
    {
        foreach (var character in text.ReplaceLineEndings(" ↵ "))
            line.Append(char.IsControl(character) ? '�' : character);
    }
}
