using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WireGuardian.Core.Detection.Scanning;
using WireGuardian.Core.Detection.Structure;

namespace WireGuardian.Core.Detection;

/// <summary>
/// Says under which keys of documents (JSON, hstore) the detectors find something. A key can be a value itself, so only one that looks like an identifier is named; what is
/// below others has no path. Not safe for several threads at once.
/// </summary>
/// <param name="detectors">What is looked for.</param>
/// <param name="minimumScore">Findings of a lower score do not count; in hundredths.</param>
/// <param name="structure"><see cref="TextStructure.Json"/> or <see cref="TextStructure.Hstore"/>.</param>
/// <param name="columnName">In UTF-8.</param>
public sealed partial class DocumentFindings(DetectorSet detectors, int minimumScore, TextStructure structure, ReadOnlySpan<byte> columnName)
{
    private const int MostDigitsInKey = 3;
    private const int MostLevels = 64;

    private readonly Scanner _scanner = new(detectors, minimumScore);
    private readonly ContextHints _hints = ContextWords.InName(columnName);
    private readonly FindingBuffer _findings = new();
    private readonly HashSet<(string Path, Detector Detector)> _found = [];

    /// <summary>The paths of one document, as <c>->'contact'->>'email'</c> (<c>->*</c> for the elements of an array), each once per detector.</summary>
    /// <param name="document">UTF-8; may end too early, and what is no document gives what was found before that shows.</param>
    public IReadOnlyCollection<(string Path, Detector Detector)> Find(ReadOnlySpan<byte> document)
    {
        _found.Clear();
        if (structure == TextStructure.Hstore)
            FindInPairs(document);
        else
            FindInJson(document);
        return _found;
    }

    private void FindInPairs(ReadOnlySpan<byte> document)
    {
        var reader = new ScalarReader(document, TextStructure.Hstore);
        string? key = null;
        var hints = _hints;
        while (reader.TryRead(out var scalar))
        {
            var text = document.Slice(scalar.Start, scalar.Length);
            if (scalar.Kind == ScalarKind.Key)
                (key, hints) = (NameOf(text), _hints | ContextWords.InName(text));
            else
                Scan(text, hints, key is null ? null : $"->'{key}'");
        }
    }

    private void FindInJson(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MostLevels }));
        // What leads to the containers that are open, null below a key that is not named; and for each whether it is an array.
        var open = new Stack<(string? Path, bool IsArray)>();
        string? step = "";
        var hints = _hints;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        step = NameOf(reader.ValueSpan) is { } name ? $"'{name}'" : null;
                        hints = _hints | ContextWords.InName(reader.ValueSpan);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((PathOf(open, step, isScalar: false), reader.TokenType == JsonTokenType.StartArray));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        break;
                    case JsonTokenType.String:
                        Scan(Spelled(ref reader), hints, PathOf(open, step, isScalar: true));
                        break;
                    case JsonTokenType.Number:
                        Scan(reader.ValueSpan, hints & ~(ContextHints.Password | ContextHints.Token), PathOf(open, step, isScalar: true));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON from here on.
        }
    }

    private static ReadOnlySpan<byte> Spelled(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return text.AsSpan(0, reader.CopyString(text));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return [];
        }
    }

    private static string? PathOf(Stack<(string? Path, bool IsArray)> open, string? step, bool isScalar)
    {
        if (!open.TryPeek(out var container))
            return "";
        if (container.Path is null || (step is null && !container.IsArray))
            return null;
        return container.IsArray ? $"{container.Path}->*" : $"{container.Path}{(isScalar ? "->>" : "->")}{step}";
    }

    private void Scan(ReadOnlySpan<byte> text, ContextHints hints, string? path)
    {
        if (path is not { Length: > 0 })
            return;
        for (var at = 0; at < text.Length;)
        {
            _findings.Clear();
            at = _scanner.Scan(text, at, hints, _findings);
            _findings.Merge();
            foreach (var finding in _findings.Findings)
                _found.Add((path, finding.Detector));
        }
    }

    /// <summary>Null for a key that may be somebody's name, number or address.</summary>
    private static string? NameOf(ReadOnlySpan<byte> key)
    {
        var name = Encoding.UTF8.GetString(key);
        return Identifier().IsMatch(name) && name.Count(char.IsAsciiDigit) <= MostDigitsInKey ? name : null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_\-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
