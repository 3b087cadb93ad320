using System.Text;

namespace WireGuardian.Sql.Lexing;

/// <summary>Names as the server knows them: folded, unquoted, cut to the length that a name can have.</summary>
public static class IdentifierText
{
    /// <summary>NAMEDATALEN - 1.</summary>
    public const int MaxBytes = 63;

    /// <summary>
    /// The name that a token spells; null where the server would refuse it (an escape that is none, invalid UTF-8) or where it is no name.
    /// </summary>
    /// <param name="tokens">The token, and what follows it: a UESCAPE clause belongs to the name.</param>
    public static string? Read(ReadOnlySpan<byte> text, ReadOnlySpan<Token> tokens)
    {
        var token = tokens[0];
        switch (token.Kind)
        {
            case TokenKind.Keyword:
                return token.Keyword.Text();
            case TokenKind.Identifier:
                return Fold(text[token.Start..token.End]);
            case TokenKind.QuotedIdentifier:
                var quoted = text[(token.Start + 1)..(token.End - 1)];
                return quoted.Contains((byte)'"') ? Truncate(Undouble(quoted)) : Truncate(quoted);
            case TokenKind.UnicodeIdentifier:
                var inner = Undouble(text[(token.Start + 3)..(token.End - 1)]);
                return LiteralText.EscapeCharacter(text, tokens) is { } escape && LiteralText.Unicode(inner, escape) is { } decoded
                    ? Truncate(decoded)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>ASCII in lower case; in a multibyte database the server folds nothing else.</summary>
    private static string Fold(ReadOnlySpan<byte> name)
    {
        name = name[..Boundary(name)];
        Span<byte> folded = stackalloc byte[MaxBytes];
        for (var i = 0; i < name.Length; i++)
            folded[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        return Encoding.UTF8.GetString(folded[..name.Length]);
    }

    private static string Truncate(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[..Boundary(name)]);

    /// <summary>Where the name ends: no character of more than one byte is cut in two.</summary>
    private static int Boundary(ReadOnlySpan<byte> name)
    {
        if (name.Length <= MaxBytes)
            return name.Length;
        var end = MaxBytes;
        while (end > 0 && (name[end] & 0xC0) == 0x80)
            end--;
        return end;
    }

    private static byte[] Undouble(ReadOnlySpan<byte> quoted)
    {
        var result = new byte[quoted.Length];
        var length = 0;
        for (var i = 0; i < quoted.Length; i++)
        {
            result[length++] = quoted[i];
            if (quoted[i] == '"')
                i++;
        }

        return result[..length];
    }
}
