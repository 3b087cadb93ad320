using System.Text;
using System.Text.Json;
using WireGuardian.Core.Masking.Documents;

namespace WireGuardian.Core.Tests.Masking.Documents;

/// <summary>Random documents and mutations of them beside another reader of JSON, and in pieces at every split.</summary>
[TestFixture]
public sealed class DocumentFuzzTests
{
    private static readonly string[] Keys = ["email", "a", "b", "\\u0065mail", "e\\\"mail", "Email", "ab"];
    private static readonly string[] Values =
    [
        "\"ada\"", "\"a\\nb\"", "\"\\u0061\\ud83d\\ude00\"", "\"\"", "\"ü€😀\"", "0", "-12.5e+3", "1E9", "true", "false", "null", "\"{\\\"email\\\":1}\"", "[]", "{}", "12",
    ];

    private const string Marks = "{}[]\",:\\ u0e.-tnx\t\u0001";

    private static readonly string[][] Rules =
    [
        ["->**.email=redact"], ["->'a'->'email'=redact"], ["->'a'->0=redact", "->**.b=redact"], ["->*->*=redact"], ["->'a'=", "->**.email=redact"], ["->'a'->'b'=", "=redact"],
        ["->**.a->**.b=redact"],
    ];

    [Test]
    public void The_same_is_masked_as_by_another_reader()
    {
        var random = new Random(20261127);
        for (var round = 0; round < 4000; round++)
        {
            var places = Documents.Places(Rules[round % Rules.Length]);
            var document = Make(random, 5);
            Assert.That(Documents.Mask(document, places), Is.EqualTo(ByAnotherReader(document, places)), document);
        }
    }

    [Test]
    public void Mutations_are_documents_for_both_readers_or_for_none()
    {
        var random = new Random(42);
        var (broken, whole) = (0, 0);
        for (var round = 0; round < 6000; round++)
        {
            var document = Mutate(random, Make(random, 4));
            var isDocument = IsDocument(document);
            var left = Documents.Mask(document, Documents.Places("->**.email=redact"));
            Assert.That(left is not null, Is.EqualTo(isDocument), document);
            if (isDocument)
                whole++;
            else
                broken++;
        }
        Assert.That(broken, Is.GreaterThan(1000));
        Assert.That(whole, Is.GreaterThan(1000));
    }

    [Test]
    public void Pieces_make_no_difference()
    {
        var random = new Random(7);
        for (var round = 0; round < 600; round++)
        {
            var places = Documents.Places(Rules[round % Rules.Length]);
            var document = round % 3 == 0 ? Mutate(random, Make(random, 4)) : Make(random, 4);
            var length = Encoding.UTF8.GetByteCount(document);
            var whole = Documents.Stream(document, places, DocumentForm.Text);
            if (IsDocument(document))
                AssertSameShape(document, whole, places);
            for (var cut = 1; cut < length; cut++)
                AssertSame(Documents.Stream(document, places, DocumentForm.Text, cut), whole, document);
            int[] every = [.. Enumerable.Range(1, Math.Max(0, length - 1))];
            AssertSame(Documents.Stream(document, places, DocumentForm.Text, every), whole, document);
        }
    }

    /// <summary>Of a value in which a document breaks, a piece that has gone before cannot be taken back; what comes after is hidden.</summary>
    private static void AssertSame(string pieces, string whole, string document)
    {
        if (IsDocument(document))
            Assert.That(pieces, Is.EqualTo(whole), document);
        Assert.That(Encoding.UTF8.GetByteCount(pieces), Is.EqualTo(Encoding.UTF8.GetByteCount(document)));
        Assert.That(pieces.EndsWith('*'), Is.EqualTo(whole.EndsWith('*')), document);
    }

    private static void AssertSameShape(string document, string streamed, JsonPlaces places)
    {
        Assert.That(IsDocument(streamed), Is.True, streamed);
        // Numbers, booleans and lengths aside, what is masked when it comes whole is masked in pieces too.
        var expected = ByAnotherReader(document, places)!;
        Assert.That(Strings(streamed), Is.EqualTo(Strings(expected)), document);
    }

    /// <summary>Strings, where those that are nothing but stars are equal whatever their length; in an object their keys.</summary>
    private static List<string> Strings(string document)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(document));
        var strings = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                strings.Add(reader.GetString()!.TrimStart('*').Length == 0 ? "" : reader.GetString()!);
        }
        return strings;
    }

    private static bool IsDocument(string document)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(document));
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Redaction, by a reader of whole tokens and paths that are matched one by one.</summary>
    private static string? ByAnotherReader(string document, JsonPlaces places)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        var reader = new Utf8JsonReader(bytes);
        var output = new List<byte>();
        var path = new List<JsonStep>();
        var counts = new Stack<int>();
        var copied = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path[^1] = JsonStep.Of(reader.GetString()!);
                continue;
            }
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                path.RemoveAt(path.Count - 1);
                counts.Pop();
                continue;
            }
            if (counts.TryPeek(out var count) && count >= 0)
            {
                counts.Pop();
                counts.Push(count + 1);
                path[^1] = JsonStep.At(count);
            }
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                counts.Push(reader.TokenType == JsonTokenType.StartArray ? 0 : -1);
                path.Add(default);
                continue;
            }
            if (!IsMasked(path, places) || reader.TokenType == JsonTokenType.Null)
                continue;
            output.AddRange(bytes[copied..(int)reader.TokenStartIndex]);
            copied = (int)reader.BytesConsumed;
            output.AddRange(Encoding.UTF8.GetBytes(reader.TokenType switch
            {
                JsonTokenType.String => $"\"{new string('*', Encoding.UTF8.GetByteCount(reader.GetString()!))}\"",
                JsonTokenType.Number => "0",
                _ => "false",
            }));
        }
        output.AddRange(bytes[copied..]);
        return Encoding.UTF8.GetString([.. output]);
    }

    private static bool IsMasked(List<JsonStep> path, JsonPlaces places)
    {
        foreach (var place in places.All)
        {
            for (var length = 0; length <= path.Count; length++)
            {
                if (Leads(place.Path.Steps, 0, path, 0, length))
                    return place.Mask is not null;
            }
        }
        return false;
    }

    private static bool Leads(IReadOnlyList<JsonStep> rule, int atRule, List<JsonStep> path, int at, int end)
    {
        if (atRule == rule.Count)
            return at == end;
        var step = rule[atRule];
        if (step.Kind == JsonStepKind.AnyDepth)
            return Leads(rule, atRule + 1, path, at, end) || (at < end && Leads(rule, atRule, path, at + 1, end));
        return at < end && (step.Kind == JsonStepKind.Any || step == path[at]) && Leads(rule, atRule + 1, path, at + 1, end);
    }

    private static string Make(Random random, int depth)
    {
        var kind = depth == 0 ? 0 : random.Next(5);
        if (kind < 2 && depth < 4)
            return Values[random.Next(Values.Length)];
        var count = random.Next(4);
        var blank = random.Next(3) == 0 ? " " : "";
        return kind % 2 == 0
            ? $"{{{blank}{string.Join($",{blank}", Enumerable.Range(0, count).Select(_ => $"\"{Keys[random.Next(Keys.Length)]}\"{blank}:{Make(random, depth - 1)}"))}}}"
            : $"[{string.Join($"{blank},", Enumerable.Range(0, count).Select(_ => Make(random, depth - 1)))}{blank}]";
    }

    private static string Mutate(Random random, string document)
    {
        var characters = new StringBuilder(document);
        for (var change = random.Next(3); change > 0 && characters.Length > 0; change--)
        {
            var at = random.Next(characters.Length);
            // Halves of surrogate pairs are no text.
            if (char.IsSurrogate(characters[at]))
                continue;
            switch (random.Next(3))
            {
                case 0:
                    characters.Remove(at, 1);
                    break;
                case 1:
                    characters[at] = Marks[random.Next(Marks.Length)];
                    break;
                default:
                    characters.Insert(at, Marks[random.Next(Marks.Length)]);
                    break;
            }
        }
        return characters.ToString();
    }
}
