using System.Collections.Frozen;
using System.Text;

namespace WireGuardian.Sql.Lexing;

/// <summary>Which words are key words, and which of those can be names all the same (manuals, "Keywords and Reserved Words").</summary>
public static class MySqlKeywords
{
    private static readonly string[] Words = Enum.GetNames<MySqlKeyword>().Select((name, index) => index == 0 ? "" : Spell(name)).ToArray();

    private static readonly FrozenDictionary<string, MySqlKeyword> ByText =
        Words.Select((word, index) => (word, index)).Skip(1).ToFrozenDictionary(w => w.word, w => (MySqlKeyword)w.index);

    private static readonly FrozenDictionary<string, MySqlKeyword>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByText.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int Longest = Words.Max(word => word.Length);

    /// <summary>The key word in lower case; always the same string, so that naming one allocates nothing.</summary>
    public static string Text(this MySqlKeyword keyword) => Words[(int)keyword];

    /// <summary>True for words that neither server takes for a name without quotes.</summary>
    public static bool IsReserved(this MySqlKeyword keyword) => keyword is > MySqlKeyword.NoKeyword and <= MySqlKeyword.Zerofill;

    /// <summary>The key word that these bytes spell in any case, or NoKeyword.</summary>
    public static MySqlKeyword Find(ReadOnlySpan<byte> word)
    {
        if (word.Length < 2 || word.Length > Longest)
            return MySqlKeyword.NoKeyword;
        Span<char> folded = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            var b = word[i];
            folded[i] = b is >= (byte)'A' and <= (byte)'Z' ? (char)(b | 0x20) : (char)b;
        }

        return Lookup.TryGetValue(folded, out var keyword) ? keyword : MySqlKeyword.NoKeyword;
    }

    /// <summary>CurrentUser is current_user.</summary>
    private static string Spell(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
