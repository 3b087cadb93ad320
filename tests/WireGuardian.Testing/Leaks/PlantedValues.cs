using System.Text;

namespace WireGuardian.Testing.Leaks;

/// <summary>
/// Values planted in masked columns, and a search for them in received bytes: whole and in pieces, as they are and in disguise. Letter case never matters. A piece is
/// <see cref="PieceLength"/> characters; pieces that stand in a text known to be harmless (names of tables and columns, the attempts' own words) are not looked for.
/// </summary>
public sealed class PlantedValues
{
    /// <summary>Shorter ones turn up by chance.</summary>
    public const int PieceLength = 5;

    private readonly IReadOnlyList<Disguise> _disguises;
    private readonly IReadOnlyList<(string Name, byte[] Bytes)> _numbers;

    /// <param name="values">Text of at least eight characters each.</param>
    /// <param name="numbers">Numbers of at least six digits before the point.</param>
    /// <param name="harmless">What may be received: a piece of a value that stands in it shows nothing.</param>
    public PlantedValues(IReadOnlyList<string> values, IReadOnlyList<decimal> numbers, string harmless)
    {
        var known = harmless.ToLowerInvariant();
        var pieces = values.SelectMany(value => Pieces(value, PieceLength)).Distinct().Where(piece => !known.Contains(piece, StringComparison.OrdinalIgnoreCase)).ToList();
        var digits = numbers.SelectMany(number => new[] { decimal.Truncate(number), decimal.Truncate(number) + 1 }).Select(BinaryNumbers.Digits).ToList();
        _disguises =
        [
            .. Disguise.OfPieces([.. pieces, .. digits]), .. Disguise.OfWhole(values), .. Disguise.OfWhole(digits),
            .. numbers.Select(number => new Disguise($"{number} with something between", BinaryNumbers.Digits(number), Reading.Squeezed)),
            .. digits.Select(whole => new Disguise($"{whole} in bits", BinaryNumbers.Bits(whole))),
        ];
        _numbers = [.. numbers.SelectMany(BinaryNumbers.Of)];
    }

    /// <summary>What shows in these bytes, by name; empty when nothing does.</summary>
    public IReadOnlyList<string> FoundIn(ReadOnlySpan<byte> bytes)
    {
        var found = _numbers.Where(NumberIn(bytes)).Select(number => number.Name).ToList();
        var text = Encoding.Latin1.GetString(bytes).ToLowerInvariant();
        var (squeezed, codes) = (Squeeze(text), Codes(text));
        found.AddRange(_disguises.Where(disguise => disguise.Reading switch
        {
            Reading.Squeezed => squeezed,
            Reading.Codes => codes,
            _ => text,
        } is var read && read.Contains(disguise.Text, StringComparison.Ordinal)).Select(disguise => disguise.Name));
        return found;
    }

    private static Func<(string Name, byte[] Bytes), bool> NumberIn(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        return number => copy.AsSpan().IndexOf(number.Bytes) >= 0;
    }

    private static IEnumerable<string> Pieces(string value, int length) =>
        Enumerable.Range(0, value.Length - length + 1).Select(start => value.Substring(start, length));

    /// <summary>Letters and digits alone: what was spaced out, quoted or put in rows of one character is together again.</summary>
    private static string Squeeze(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit));

    /// <summary>Runs of digits with one comma between them.</summary>
    private static string Codes(string text)
    {
        var codes = new StringBuilder(",");
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
                codes.Append(character);
            else if (codes[^1] != ',')
                codes.Append(',');
        }
        return codes.Append(',').ToString();
    }
}
