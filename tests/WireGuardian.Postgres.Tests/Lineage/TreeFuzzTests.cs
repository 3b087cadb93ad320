using WireGuardian.Postgres.Lineage;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Any text, and trees of real servers with anything changed: a lineage or a <see cref="ProtocolException"/>, nothing else, and an end.</summary>
public sealed class TreeFuzzTests
{
    private static readonly string[] Words =
    [
        "(", ")", "{", "}", "<>", "\"\"", " ", "\n", "\\", ":", "0", "1", "-1", "7", "65000", "4294967295", "99999999999999", "true", "{VAR :varno 1 :varattno 0}", "{QUERY}", "({QUERY})",
        ":rtekind 6", ":rtekind 2", ":subquery", ":varlevelsup 1", ":varlevelsup -1", ":varattno 32768", ":setOperations", "{SUBLINK}", "(o", "é", "\ud800", "\0",
    ];

    private static readonly string[] Trees = [.. TreeFixture.Files.Select(file => TreeFixture.Read(file).Tree)];

    [Test]
    public void Any_text_gives_a_lineage_or_a_ProtocolException([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Word(random) + (random.Next(3) == 0 ? "" : " ")));
            Read(text, seed, round);
        }
    }

    [Test]
    public void Any_change_of_a_real_tree_gives_a_lineage_or_a_ProtocolException([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 600; round++)
        {
            var text = Trees[random.Next(Trees.Length)];
            for (var change = random.Next(1, 5); change > 0; change--)
                text = Change(text, random);
            Read(text, seed, round);
        }
    }

    private static void Read(string text, int seed, int round)
    {
        try
        {
            _ = LineageReader.Read(text, TreeFixtureTests.Functions);
        }
        catch (ProtocolException)
        {
        }
        catch (Exception exception)
        {
            Assert.Fail($"seed {seed}, round {round}: {exception}\n{text}");
        }
    }

    private static string Change(string text, Random random)
    {
        if (text.Length == 0)
            return Word(random);
        var start = random.Next(text.Length);
        var end = Math.Min(text.Length, start + (random.Next(4) == 0 ? random.Next(2_000) : random.Next(12)));
        return random.Next(5) switch
        {
            0 => text[..start] + text[end..],
            1 => text[..start] + Word(random) + text[start..],
            2 => text[..start] + Word(random) + text[end..],
            3 => text[..start] + text[start..end] + text[start..end] + text[end..],
            _ => Renumbered(text, random),
        };
    }

    /// <summary>Another number in the place of one: references to nothing, to another kind of thing, to themselves.</summary>
    private static string Renumbered(string text, Random random)
    {
        var start = text.IndexOfAny(['0', '1', '2', '3', '4', '5', '6'], random.Next(text.Length));
        return start < 0 ? text : text[..start] + random.Next(12) + text[(start + 1)..];
    }

    private static string Word(Random random) => random.Next(8) == 0 ? ((char)random.Next(32, 127)).ToString() : Words[random.Next(Words.Length)];
}
