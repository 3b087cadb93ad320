using System.Globalization;
using System.Text;

namespace WireGuardian.Core.Masking.Documents;

/// <summary>A path into JSON documents: <c>->'contact'->>'email'</c>, <c>->0</c>, <c>->*</c> for any one step, <c>->**.email</c> for a key at any depth. Equal by its steps.</summary>
public sealed class JsonPath : IEquatable<JsonPath>
{
    /// <summary>Steps that a path may have.</summary>
    public const int MostSteps = 32;

    public JsonPath(IReadOnlyList<JsonStep> steps) => Steps = steps;

    /// <summary>The document itself.</summary>
    public static JsonPath Root { get; } = new([]);

    public IReadOnlyList<JsonStep> Steps { get; }

    /// <summary>The path, one step longer.</summary>
    public JsonPath Then(JsonStep step) => new([.. Steps, step]);

    /// <summary>Reads a path from an arrow, or <c>**</c>, on to the end of the text.</summary>
    /// <param name="text">The text that it is the end of.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">What is wrong with it, with the place counted from 1; empty where nothing is.</param>
    public static bool TryRead(string text, int start, out JsonPath? path, out string problem)
    {
        var reader = new JsonPathReader(text, start);
        var steps = reader.Read();
        problem = steps is null ? reader.Problem : "";
        path = steps is null ? null : new(steps);
        return path is not null;
    }

    public bool Equals(JsonPath? other) => other is not null && (ReferenceEquals(this, other) || Steps.SequenceEqual(other.Steps));

    public override bool Equals(object? obj) => Equals(obj as JsonPath);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var step in Steps)
            hash.Add(step);
        return hash.ToHashCode();
    }

    /// <summary>As a rule has it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var index = 0; index < Steps.Count; index++)
        {
            var step = Steps[index];
            if (index > 0 && Steps[index - 1].Kind == JsonStepKind.AnyDepth)
                text.Append('.').Append(IsPlainKey(step.Key) ? step.Key : Quote(step.Key));
            else
                text.Append("->").Append(Show(step));
        }
        return text.ToString();
    }

    /// <summary>True for a key that needs no quotes behind <c>**.</c>.</summary>
    internal static bool IsPlainKey(ReadOnlySpan<char> key)
    {
        foreach (var character in key)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('_' or '$'))
                return false;
        }
        return key.Length > 0;
    }

    private static string Show(JsonStep step) => step.Kind switch
    {
        JsonStepKind.Index => step.Index.ToString(CultureInfo.InvariantCulture),
        JsonStepKind.Any => "*",
        JsonStepKind.AnyDepth => "**",
        _ => Quote(step.Key),
    };

    private static string Quote(string key) => $"'{key.Replace("'", "''", StringComparison.Ordinal)}'";
}
