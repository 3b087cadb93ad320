using System.Buffers;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>
/// What stands behind <c>password=</c>, <c>"token": </c> and their like, by the key before it. A password may be any text; of a token it is asked that it looks random.
/// In a connection string it is the password alone that is found.
/// </summary>
internal static class SecretByContext
{
    // What a word of prose does not hold.
    private static readonly SearchValues<byte> Signs = SearchValues.Create("!#$%&*+-=?^~_"u8);

    // What ends a value that stands in no quotes.
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n;,\"'<>)}]"u8);
    private static readonly SearchValues<byte> EndsInQuery = SearchValues.Create(" \t\r\n;,\"'<>)}]&"u8);

    private static readonly string[] Placeholders = ["null", "none", "true", "false", "undefined", "required", "redacted"];

    // Keys that a connection string has beside the password's.
    private static readonly string[] HostKeys =
        ["host", "server", "data source", "addr", "user id", "uid", "user", "username", "database", "dbname", "initial catalog"];

    private const int LongestKey = 40;
    private const int LongestValue = 1024;
    private const int ShortestToken = 12;
    private const int ShortestPassword = 4;
    private const int ConnectionReach = 160;
    private const int MostBlanks = 16;

    /// <summary>False where no key that could mean a secret ends before a sign: asked first, because keys are many.</summary>
    public static bool MayFollow(ReadOnlySpan<byte> text, int sign)
    {
        var end = KeyEnd(text, sign);
        return end >= 3 && (CouldBeSecret(text[..end]) || (text[sign] == '=' && text[end - 1] == 'g' && text[end - 2] == 'i'));
    }

    /// <param name="text">The text.</param>
    /// <param name="sign">Where the <c>=</c> or <c>:</c> is.</param>
    /// <param name="finding">The secret without its quotes.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int sign, out Finding finding)
    {
        finding = default;
        var key = KeyBefore(text, sign);
        if (key.Length < 3)
            return false;
        var isSignature = key.SequenceEqual("sig"u8) && text[sign] == '=';
        var hints = isSignature ? ContextHints.Token : ContextWords.InName(key) & (ContextHints.Password | ContextHints.Token);
        if (hints == ContextHints.None)
            return false;
        var start = ValueStart(text, sign, out var quote);
        var length = ValueLength(text, start, quote, text[sign] == '=' ? EndsInQuery : Ends);
        var value = text.Slice(start, length);
        var score = quote == 0 && text[sign] == ':' && (hints & ContextHints.Password) != 0 ? ScoreOfProse(value) : Score(value, hints);
        if (score == 0)
            return false;
        finding = new(start, length, Classify(text, key, sign, value, isSignature), score);
        return true;
    }

    /// <summary>The score of a value whose name says that it is a secret; 0 for a placeholder.</summary>
    public static int Score(ReadOnlySpan<byte> value, ContextHints hints)
    {
        if (IsPlaceholder(value))
            return 0;
        if ((hints & ContextHints.Password) != 0)
            return value.Length >= ShortestPassword ? 75 : 0;
        if (value.Length < ShortestToken)
            return 0;
        return Entropy.BitsPerByte(value) >= 3.0 && HasDigitOrBothCases(value) ? 75 : 20;
    }

    /// <summary>Behind a colon in prose ("password: please ask") a word is none unless it looks like one.</summary>
    private static int ScoreOfProse(ReadOnlySpan<byte> value)
    {
        if (IsPlaceholder(value) || value.Length < ShortestPassword)
            return 0;
        return HasDigitOrBothCases(value) || value.ContainsAny(Signs) ? 65 : 25;
    }

    private static bool HasDigitOrBothCases(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAnyInRange((byte)'0', (byte)'9'))
            return true;
        // A capital at the beginning is a sentence's.
        return value.ContainsAnyInRange((byte)'a', (byte)'z') && value[1..].ContainsAnyInRange((byte)'A', (byte)'Z');
    }

    private static Detector Classify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, int sign, ReadOnlySpan<byte> value, bool isSignature)
    {
        if (isSignature || Characters.EndsWithIgnoreCase(key, "AccountKey"u8) || Characters.EndsWithIgnoreCase(key, "SharedAccessKey"u8))
            return Detector.AzureCredentials;
        if (value.Length == 40 && (Characters.StartsWithIgnoreCase(key, "aws"u8) || Characters.EndsWithIgnoreCase(key, "secret_access_key"u8)
            || Characters.EndsWithIgnoreCase(key, "secretaccesskey"u8)))
        {
            return Detector.AwsCredentials;
        }
        if (text[sign] != '=' || !(Characters.EndsWithIgnoreCase(key, "password"u8) || Characters.EndsWithIgnoreCase(key, "pwd"u8)))
            return Detector.Secret;
        var before = text[Math.Max(0, sign - ConnectionReach)..sign];
        var after = text.Slice(sign, Math.Min(ConnectionReach, text.Length - sign));
        return NamesHost(before) || NamesHost(after) ? Detector.ConnectionString : Detector.Secret;
    }

    private static bool NamesHost(ReadOnlySpan<byte> text)
    {
        for (var i = text.IndexOf((byte)'='); i >= 0;)
        {
            if (EndsWithAny(text[..i].TrimEnd((byte)' '), HostKeys))
                return true;
            var next = text[(i + 1)..].IndexOf((byte)'=');
            i = next < 0 ? -1 : i + 1 + next;
        }
        return false;
    }

    /// <summary>Only keys that end with one of these pairs of letters can be one.</summary>
    private static bool CouldBeSecret(ReadOnlySpan<byte> key) =>
        (key[^1] | 0x20, key[^2] | 0x20) is ('d', 'r') or ('d', 'w') or ('s', 's') or ('e', 's') or ('t', 'r') or ('a', 'n') or ('e', 'd') or ('t', 'e') or ('n', 'e') or ('y', 'e')
            or ('r', 'e') or ('l', 'a') or ('s', 'l') or ('n', 'o') or ('h', 's');

    private static int KeyEnd(ReadOnlySpan<byte> text, int sign)
    {
        var end = sign;
        while (end > 0 && sign - end < MostBlanks && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\n')
            end--;
        // "password": and \"password\": in JSON that is a text in JSON.
        if (end > 0 && text[end - 1] is (byte)'"' or (byte)'\'' or (byte)'`' or (byte)']')
            end--;
        if (end > 0 && text[end - 1] is (byte)'\\' or (byte)'"' or (byte)'\'')
            end--;
        return end;
    }

    private static ReadOnlySpan<byte> KeyBefore(ReadOnlySpan<byte> text, int sign)
    {
        var end = KeyEnd(text, sign);
        var start = end;
        var earliest = Math.Max(0, end - LongestKey);
        while (start > earliest && Characters.IsWord(text[start - 1]))
            start--;
        return text[start..end];
    }

    private static int ValueStart(ReadOnlySpan<byte> text, int sign, out byte quote)
    {
        var at = sign + 1;
        // := and => and ==.
        while (Characters.At(text, at) is (byte)'=' or (byte)'>')
            at++;
        while (Characters.At(text, at) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' && at - sign < MostBlanks)
            at++;
        if (Characters.At(text, at) == '\\')
            at++;
        quote = Characters.At(text, at) is var unit and ((byte)'"' or (byte)'\'' or (byte)'`') ? unit : (byte)0;
        if (quote != 0)
            at++;
        // What follows the name of a scheme is the secret.
        var rest = text[Math.Min(at, text.Length)..];
        if (Characters.StartsWithIgnoreCase(rest, "bearer "u8))
            at += "bearer "u8.Length;
        else if (Characters.StartsWithIgnoreCase(rest, "basic "u8))
            at += "basic "u8.Length;
        else if (Characters.StartsWithIgnoreCase(rest, "token "u8))
            at += "token "u8.Length;
        return Math.Min(at, text.Length);
    }

    private static int ValueLength(ReadOnlySpan<byte> text, int start, byte quote, SearchValues<byte> ends)
    {
        var rest = text.Slice(start, Math.Min(LongestValue, text.Length - start));
        var length = quote != 0 ? rest.IndexOfAny(quote, (byte)'\n') : rest.IndexOfAny(ends);
        if (length < 0)
            length = rest.Length;
        // An escaped quote ends a text in a text.
        if (length > 0 && length < rest.Length && rest[length - 1] == '\\' && rest[length] == '"')
            length--;
        return length;
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> value)
    {
        // One byte over and over: stars, crosses, dots.
        if (value.IsEmpty || !value.ContainsAnyExcept(value[0]))
            return true;
        // What a template or a shell will put in.
        if (value[0] == '$' && Characters.At(value, 1) is (byte)'{' or (byte)'(')
            return true;
        if (value[0] is (byte)'<' or (byte)'{' or (byte)'[' or (byte)'(' or (byte)'%' && value[^1] is (byte)'>' or (byte)'}' or (byte)']' or (byte)')' or (byte)'%')
            return true;
        foreach (var word in Placeholders)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(value, word))
                return true;
        }
        return false;
    }

    private static bool EndsWithAny(ReadOnlySpan<byte> text, string[] endings)
    {
        foreach (var ending in endings)
        {
            if (text.Length >= ending.Length && System.Text.Ascii.EqualsIgnoreCase(text[^ending.Length..], ending))
                return true;
        }
        return false;
    }
}
