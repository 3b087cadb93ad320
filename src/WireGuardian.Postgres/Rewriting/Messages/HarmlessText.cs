using System.Buffers;
using System.Text;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>What is left of a text, and whether that is all of it.</summary>
/// <param name="Text">The text with <c>***</c> in the place of what was not harmless.</param>
/// <param name="Complete">Nothing was replaced.</param>
internal readonly record struct VettedText(string Text, bool Complete);

/// <summary>Goes through a text word by word: the server's words and harmless names stay. Numbers do not, they may be values.</summary>
internal sealed class HarmlessText(HarmlessNames names)
{
    /// <summary>Stands for what is not harmless.</summary>
    public const string Stars = "***";

    private static readonly SearchValues<char> WordCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Select(value => (char)value).Where(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or >= '\x80')]);

    private static readonly string[] QuotationMarks =
        [.. ((string[])["«", "»", "„", "“", "”"]).Select(mark => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(mark)))];

    /// <summary>Every letter and digit a star, the rest as it is: for text of which nothing can be told.</summary>
    public static string StarOut(string text) => string.Create(text.Length, text, static (stars, text) =>
    {
        for (var i = 0; i < stars.Length; i++)
            stars[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] >= '\x80' ? '*' : text[i];
    });

    /// <summary>Vets a text in which names may stand in double quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepQuotedNames">False when what is quoted is a value even if it looks like a name.</param>
    public VettedText Vet(string text, bool keepQuotedNames = true)
    {
        var first = text.IndexOf('"');
        if (first < 0)
            return VetUnquoted(text, keepWords: true);
        var pieces = text.Split('"');
        var kept = keepQuotedNames ? QuotedPiecesKept(pieces) : 0;
        var last = pieces.Length - 1;
        var before = VetUnquoted(pieces[0], keepWords: true);
        if (kept == last)
        {
            var after = VetUnquoted(pieces[last], keepWords: true);
            return new VettedText(
                $"{before.Text}\"{string.Join('"', pieces[1..last])}\"{after.Text}",
                before.Complete && after.Complete);
        }
        // A value may hold quotes of its own, so all up to the last quote is taken for one; without a closing quote, all.
        var closed = pieces.Length % 2 == 1;
        var rest = closed ? VetUnquoted(pieces[last], keepWords: true).Text : "";
        var shown = string.Concat(pieces[1..(1 + kept)].Select((piece, index) => index % 2 == 0 ? $"\"{piece}\"" : piece));
        return new VettedText($"{before.Text}{shown}\"{Stars}\"{rest}", Complete: false);
    }

    /// <summary>Vets a text without regard to quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepWords">False when only names and types may stay: after a colon the server puts what it speaks of.</param>
    public VettedText VetUnquoted(ReadOnlySpan<char> text, bool keepWords)
    {
        var colon = keepWords ? text.IndexOf(": ") : -1;
        if (colon >= 0)
        {
            var head = VetUnquoted(text[..colon], keepWords: true);
            var tail = VetUnquoted(text[(colon + 2)..], keepWords: false);
            return new VettedText($"{head.Text}: {(tail.Complete ? tail.Text : Stars)}", head.Complete && tail.Complete);
        }
        var result = new StringBuilder();
        var complete = true;
        // Where the last stars end, while nothing but punctuation follows them: what stands between two values belongs to them.
        var starsEnd = -1;
        while (text.Length > 0)
        {
            var start = text.IndexOfAny(WordCharacters);
            if (start != 0)
            {
                var gap = start < 0 ? text : text[..start];
                result.Append(gap);
                text = text[gap.Length..];
                continue;
            }
            var length = text.IndexOfAnyExcept(WordCharacters);
            var word = length < 0 ? text : text[..length];
            text = text[word.Length..];
            if (IsHarmless(word, keepWords))
            {
                result.Append(word);
                starsEnd = -1;
                continue;
            }
            complete = false;
            if (starsEnd >= 0)
                result.Length = starsEnd;
            else
                result.Append(Stars);
            starsEnd = result.Length;
        }
        return new VettedText(result.ToString(), complete);
    }

    private bool IsHarmless(ReadOnlySpan<char> word, bool keepWords) =>
        names.Contains(word) || names.Contains(WithoutQuotes(word)) || HarmlessWords.IsType(word) || (keepWords && HarmlessWords.IsWord(word));

    /// <summary>A word without the quotation marks that messages in other languages have, which are no ASCII and so part of the word.</summary>
    private static ReadOnlySpan<char> WithoutQuotes(ReadOnlySpan<char> word)
    {
        foreach (var mark in QuotationMarks)
        {
            if (word.StartsWith(mark, StringComparison.Ordinal))
                word = word[mark.Length..];
            if (word.EndsWith(mark, StringComparison.Ordinal))
                word = word[..^mark.Length];
        }
        return word;
    }

    /// <summary>
    /// How many pieces from the first quoted one on are harmless: names (at odd places) and what the server itself puts between two names (at even
    /// ones). All of them when that is so of every piece but the text before and after.
    /// </summary>
    private int QuotedPiecesKept(string[] pieces)
    {
        var last = pieces.Length - 1;
        if (pieces[0].EndsWith(": ", StringComparison.Ordinal) || pieces[0].EndsWith("value ", StringComparison.Ordinal))
            return 0;
        for (var i = 1; i < last; i++)
        {
            var harmless = i % 2 == 1 ? names.Contains(pieces[i]) || HarmlessWords.IsTypeName(pieces[i]) : HarmlessWords.IsJoint(pieces[i]);
            if (!harmless)
                return i % 2 == 1 ? i - 1 : i - 2;
        }
        return last % 2 == 0 ? last : last - 1;
    }
}
