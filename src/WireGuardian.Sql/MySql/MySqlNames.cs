using System.Buffers;
using System.Globalization;
using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// When two names may be the same. The servers compare names by collations that know more than case: the Kelvin sign is a k, a dotted capital I an i, an é an e; blanks at the
/// end do not count. This folds wider than any of them, so that what a server takes for equal is equal here; two names that are equal here may still be two.
/// </summary>
public static class MySqlNames
{
    private static readonly SearchValues<char> FoldedAscii =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_$-.,:;/\\*+#@!?%&|<>=()[]{}'\"`~^");

    /// <summary>Compares names by what they fold to.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new NameComparer();

    /// <summary>Compares identifiers by what their parts fold to.</summary>
    public static IEqualityComparer<Identifier> IdentifierComparer { get; } = new QualifiedNameComparer();

    /// <summary>The name in the form in which equal names are the same string. Folding it again changes nothing.</summary>
    public static string Fold(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(FoldedAscii))
            return name;
        return Ascii.IsValid(name) ? FoldAscii(name) : FoldUnicode(name);
    }

    /// <summary>The identifier with both parts folded.</summary>
    public static Identifier Fold(Identifier identifier) =>
        new(identifier.Qualifier is null ? null : Fold(identifier.Qualifier), Fold(identifier.Name));

    /// <summary>Lower case; control characters weigh nothing, blanks at the end neither.</summary>
    private static string FoldAscii(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (!char.IsControl(c))
                result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString().TrimEnd(' ');
    }

    private static string FoldUnicode(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            // Characters beyond the basic plane all weigh the same in utf8mb3's collations.
            if (rune.Value > 0xFFFF)
            {
                result.Append('\uFFFD');
                continue;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control:
                    break;
                default:
                    result.Append(NameFolds.Plain((char)rune.Value));
                    break;
            }
        }

        return result.ToString().TrimEnd(' ');
    }

    private sealed class NameComparer : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) =>
            x is null || y is null ? x is null && y is null : string.Equals(Fold(x), Fold(y), StringComparison.Ordinal);

        public int GetHashCode(string obj) => Fold(obj).GetHashCode(StringComparison.Ordinal);
    }

    private sealed class QualifiedNameComparer : IEqualityComparer<Identifier>
    {
        public bool Equals(Identifier x, Identifier y) => Fold(x) == Fold(y);

        public int GetHashCode(Identifier obj) => Fold(obj).GetHashCode();
    }
}
