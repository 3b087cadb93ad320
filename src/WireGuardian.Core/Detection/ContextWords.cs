using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection;

/// <summary>Words that say what a value is: in the text before it, or in the name of its column or key.</summary>
public static class ContextWords
{
    /// <summary>Bytes before a value that are looked at.</summary>
    internal const int Reach = 40;

    private const int StemLength = 8;

    // Stems: a word that begins with one means it. Of up to eight letters, in lower case; several languages.
    private static readonly ContextStem[] Stems =
    [
        Stem("phone", ContextHints.Phone), Stem("telephon", ContextHints.Phone), Stem("telefon", ContextHints.Phone), Word("tel", ContextHints.Phone),
        Stem("mobile", ContextHints.Phone), Stem("mobil", ContextHints.Phone), Stem("cell", ContextHints.Phone), Word("fax", ContextHints.Phone),
        Word("call", ContextHints.Phone), Stem("msisdn", ContextHints.Phone), Word("handy", ContextHints.Phone), Stem("whatsapp", ContextHints.Phone),
        Word("movil", ContextHints.Phone), Stem("portable", ContextHints.Phone), Word("sms", ContextHints.Phone), Stem("rufnumme", ContextHints.Phone),
        Word("card", ContextHints.Card), Stem("creditca", ContextHints.Card), Word("ccn", ContextHints.Card), Word("cc", ContextHints.Card),
        Stem("cardnumb", ContextHints.Card), Word("visa", ContextHints.Card), Stem("masterca", ContextHints.Card), Word("amex", ContextHints.Card),
        Word("pan", ContextHints.Card), Stem("kreditka", ContextHints.Card), Stem("tarjeta", ContextHints.Card), Word("carte", ContextHints.Card),
        Stem("ssn", ContextHints.Ssn), Stem("social", ContextHints.Ssn), Word("tin", ContextHints.Ssn), Stem("taxpayer", ContextHints.Ssn),
        Word("dob", ContextHints.Birth), Stem("birth", ContextHints.Birth), Word("born", ContextHints.Birth), Word("bday", ContextHints.Birth),
        Stem("geburt", ContextHints.Birth), Stem("geboren", ContextHints.Birth), Word("geb", ContextHints.Birth), Stem("naissanc", ContextHints.Birth),
        Stem("nacimien", ContextHints.Birth), Stem("nacid", ContextHints.Birth), Stem("nascita", ContextHints.Birth), Stem("nasciment", ContextHints.Birth),
        Word("nato", ContextHints.Birth), Word("nata", ContextHints.Birth), Stem("geboorte", ContextHints.Birth), Stem("urodzeni", ContextHints.Birth),
        Stem("iban", ContextHints.Iban), Word("ip", ContextHints.Address), Stem("ipaddres", ContextHints.Address), Stem("ipv", ContextHints.Address),
    ];

    private static readonly int[] FirstStem = IndexByFirstLetter();

    private static readonly string[] PasswordEndings = ["password", "passwd", "passphrase", "passwort", "pwd", "pass", "contrasena", "passcode"];

    private static readonly string[] TokenEndings =
    [
        "secret", "token", "apikey", "accesskey", "privatekey", "secretkey", "authkey", "accountkey", "sharedaccesskey", "signingkey", "encryptionkey",
        "masterkey", "bearer", "credential", "credentials", "authorization", "passwordhash", "pwhash",
    ];

    /// <summary>What the words right before <paramref name="offset"/> say.</summary>
    public static ContextHints Before(ReadOnlySpan<byte> text, int offset)
    {
        var start = Math.Max(0, offset - Reach);
        return InWords(text[start..offset]);
    }

    /// <summary>What a column's or key's name says: <c>dateOfBirth</c>, <c>home_phone</c>, <c>api-key</c>.</summary>
    public static ContextHints InName(ReadOnlySpan<byte> name)
    {
        if (name.Length > 128)
            return ContextHints.None;
        Span<byte> letters = stackalloc byte[name.Length];
        var length = 0;
        foreach (var unit in name)
        {
            if (Characters.IsLetter(unit))
                letters[length++] = (byte)(unit | 0x20);
        }
        var folded = letters[..length];
        var hints = InWords(name);
        if (EndsWithAny(folded, PasswordEndings))
            hints |= ContextHints.Password;
        if (EndsWithAny(folded, TokenEndings))
            hints |= ContextHints.Token;
        return hints;
    }

    /// <summary>What the words of a text say, but for passwords and tokens.</summary>
    private static ContextHints InWords(ReadOnlySpan<byte> text)
    {
        var hints = ContextHints.None;
        byte before = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            // A word begins behind what is no letter, and at a capital behind a small letter.
            if (Characters.IsLetter(unit) && (!Characters.IsLetter(before) || (Characters.IsUpper(unit) && !Characters.IsUpper(before))))
                hints |= Match(text[i..]);
            before = unit;
        }
        return hints;
    }

    private static ContextHints Match(ReadOnlySpan<byte> text)
    {
        var first = text[0] | 0x20;
        var index = FirstStem[first - 'a'];
        if (index < 0)
            return ContextHints.None;
        var word = 0ul;
        for (var i = 0; i < Math.Min(StemLength, text.Length) && Characters.IsLetter(text[i]); i++)
            word |= (ulong)(text[i] | 0x20) << (8 * i);
        var hints = ContextHints.None;
        for (; index < Stems.Length && Stems[index].First == first; index++)
        {
            ref readonly var stem = ref Stems[index];
            if ((stem.Whole ? word : word & stem.Mask) == stem.Bits)
                hints |= stem.Hint;
        }
        return hints;
    }

    private static bool EndsWithAny(ReadOnlySpan<byte> letters, string[] endings)
    {
        foreach (var ending in endings)
        {
            if (letters.Length >= ending.Length && System.Text.Ascii.Equals(letters[^ending.Length..], ending))
                return true;
        }
        return false;
    }

    private static ContextStem Stem(string stem, ContextHints hint)
    {
        var letters = stem[..Math.Min(StemLength, stem.Length)];
        var bits = 0ul;
        for (var i = 0; i < letters.Length; i++)
            bits |= (ulong)letters[i] << (8 * i);
        var mask = letters.Length == StemLength ? ulong.MaxValue : (1ul << (8 * letters.Length)) - 1;
        return new((byte)stem[0], bits, mask, Whole: false, hint);
    }

    private static ContextStem Word(string word, ContextHints hint) =>
        Stem(word, hint) with { Whole = true };

    private static int[] IndexByFirstLetter()
    {
        Array.Sort(Stems, static (a, b) => a.First.CompareTo(b.First));
        return [.. Enumerable.Range('a', 26).Select(letter => Array.FindIndex(Stems, stem => stem.First == letter))];
    }

    /// <summary>The first letters of a word, little-endian.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Bits">Up to eight.</param>
    /// <param name="Mask">The bytes that <paramref name="Bits"/> fills.</param>
    /// <param name="Whole">The word must end there.</param>
    /// <param name="Hint">What it means.</param>
    private readonly record struct ContextStem(byte First, ulong Bits, ulong Mask, bool Whole, ContextHints Hint);
}
