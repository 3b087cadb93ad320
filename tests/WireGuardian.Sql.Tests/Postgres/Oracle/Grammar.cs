namespace WireGuardian.Sql.Tests.Postgres.Oracle;

/// <summary>A grammar as Grammar.txt writes it, and statements at random from it: the same ones for the same seed.</summary>
public sealed class Grammar
{
    /// <summary>Deeper than this a rule's first way is taken.</summary>
    private const int Depth = 7;

    private readonly Dictionary<string, List<string[]>> _rules = [];

    private Grammar()
    {
    }

    public static Grammar Read()
    {
        var grammar = new Grammar();
        List<string[]> ways = [];
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Postgres", "Grammar.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == ' ')
                ways.Add(Elements(line.Trim()));
            else
                grammar._rules.Add(line.TrimEnd(':'), ways = []);
        }
        return grammar;
    }

    /// <summary>Each way to write a statement, <paramref name="times"/> times; as lists of tokens.</summary>
    public IEnumerable<IReadOnlyList<string>> Statements(int times, int seed)
    {
        var random = new Random(seed);
        foreach (var way in _rules["statement"])
        {
            for (var time = 0; time < times; time++)
            {
                var tokens = new List<string>();
                Expand(way, 0, random, tokens);
                yield return tokens;
            }
        }
    }

    /// <summary>Splits at blanks, but not inside of {…}.</summary>
    private static string[] Elements(string way)
    {
        var elements = new List<string>();
        foreach (var part in way.Split(' '))
        {
            if (elements.Count > 0 && elements[^1].StartsWith('{') && !elements[^1].EndsWith('}'))
                elements[^1] += " " + part;
            else
                elements.Add(part);
        }
        return [.. elements];
    }

    private void Expand(IEnumerable<string> way, int depth, Random random, List<string> tokens)
    {
        foreach (var element in way)
        {
            if (element is ['{', .. var left, '}'])
            {
                if (random.Next(2) == 0 && depth < Depth)
                    Expand(Elements(left), depth, random, tokens);
            }
            else if (element is ['<', .. var name, '>'] && _rules.TryGetValue(name, out var ways))
            {
                Expand(depth >= Depth ? ways[0] : ways[random.Next(ways.Count)], depth + 1, random, tokens);
            }
            else
            {
                tokens.Add(element);
            }
        }
    }
}
