using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WireGuardian.Cli.Presentation;

/// <summary>Results for programs.</summary>
internal static class Json
{
    private static readonly SearchValues<char> PlainlyVisible =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\n']);

    private static readonly JsonWriterOptions Indented = Options(indented: true);
    private static readonly JsonWriterOptions OneLine = Options(indented: false);

    public static void WriteArray<T>(TextWriter output, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
        => output.WriteLine(Text(Indented, json =>
        {
            json.WriteStartArray();
            foreach (var value in values)
                write(json, value);
            json.WriteEndArray();
        }));

    public static void WriteObject<T>(TextWriter output, T value, Action<Utf8JsonWriter, T> write)
        => output.WriteLine(Text(Indented, json => write(json, value)));

    /// <summary>One line, without its end.</summary>
    public static string Line<T>(T value, Action<Utf8JsonWriter, T> write) => Text(OneLine, json => write(json, value));

    /// <summary>One line, flushed: a reader of the stream has it at once.</summary>
    public static void WriteLine<T>(TextWriter output, T value, Action<Utf8JsonWriter, T> write)
    {
        output.WriteLine(Text(OneLine, json => write(json, value)));
        output.Flush();
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Text(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
            write(json);

        // What is not visible stands in strings only; as an escape it is the same JSON, and harmless on a terminal.
        var text = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        if (!text.AsSpan().ContainsAnyExcept(PlainlyVisible))
            return text;
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
                shown.Append('\n');
            else
                TerminalText.AppendVisible(shown, rune);
        }

        return shown.ToString();
    }

    private static JsonWriterOptions Options(bool indented)
        => new() { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
