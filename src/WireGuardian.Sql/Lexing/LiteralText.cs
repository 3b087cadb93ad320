using System.Globalization;
using System.Text;

namespace WireGuardian.Sql.Lexing;

/// <summary>What a string literal says. Needed where a literal is code (DO, CREATE FUNCTION) or names something.</summary>
public static class LiteralText
{
    /// <summary>The bytes that a string token stands for, or null where the server would refuse it.</summary>
    /// <param name="tokens">The token, and what follows it: a UESCAPE clause belongs to it.</param>
    public static byte[]? Read(ReadOnlySpan<byte> text, ReadOnlySpan<Token> tokens)
    {
        var token = tokens[0];
        var bytes = text[token.Start..token.End];
        switch (token.Kind)
        {
            case TokenKind.DollarString:
                var tag = bytes[1..].IndexOf((byte)'$') + 2;
                return bytes[tag..^tag].ToArray();
            case TokenKind.String:
                return Pieces(bytes, escapes: false);
            case TokenKind.EscapeString:
                return Unescape(Pieces(bytes, escapes: true));
            case TokenKind.UnicodeString:
                return EscapeCharacter(text, tokens) is { } escape ? Unicode(Pieces(bytes, escapes: false), escape) : null;
            default:
                return null;
        }
    }

    /// <summary>The escape character of a <c>U&amp;</c> token: a backslash, or what its UESCAPE clause says; null for one that the server refuses.</summary>
    internal static byte? EscapeCharacter(ReadOnlySpan<byte> text, ReadOnlySpan<Token> tokens)
    {
        if (tokens.Length < 2 || !tokens[1].Is(PostgresKeyword.Uescape))
            return (byte)'\\';
        if (tokens.Length < 3 || tokens[2].Kind is not (TokenKind.String or TokenKind.EscapeString or TokenKind.DollarString))
            return null;
        var clause = Read(text, tokens[2..]);
        if (clause is not { Length: 1 })
            return null;
        var c = (char)clause[0];
        return char.IsAsciiHexDigit(c) || c is '+' or '\'' or '"' or ' ' or (>= '\t' and <= '\r') ? null : clause[0];
    }

    /// <summary>Resolves <c>\XXXX</c> and <c>\+XXXXXX</c>; null where one is malformed.</summary>
    internal static byte[]? Unicode(ReadOnlySpan<byte> bytes, byte escape)
    {
        var result = new ByteWriter(bytes.Length);
        var high = '\0';
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] != escape || (i + 1 < bytes.Length && bytes[i + 1] == escape))
            {
                if (high != 0)
                    return null;
                result.Add(bytes[i]);
                i += bytes[i] == escape ? 2 : 1;
                continue;
            }

            var isLong = i + 1 < bytes.Length && bytes[i + 1] == '+';
            var digits = isLong ? 6 : 4;
            var from = i + (isLong ? 2 : 1);
            if (from + digits > bytes.Length || !TryHex(bytes.Slice(from, digits), out var value))
                return null;
            i = from + digits;
            if (!AddCodePoint(ref result, value, ref high))
                return null;
        }

        return high == 0 ? result.ToArray() : null;
    }

    /// <summary>Takes the quotes off, and what stands between the pieces of a continued literal; doubled quotes become one.</summary>
    private static byte[] Pieces(ReadOnlySpan<byte> bytes, bool escapes)
    {
        var lexer = new PostgresLexer(bytes, standardConformingStrings: true);
        var result = new ByteWriter(bytes.Length);
        for (var i = bytes.IndexOf((byte)'\'') + 1; i < bytes.Length;)
        {
            if (escapes && bytes[i] == '\\' && i + 1 < bytes.Length)
            {
                result.Add(bytes[i]);
                result.Add(bytes[i + 1]);
                i += 2;
            }
            else if (bytes[i] != '\'')
            {
                result.Add(bytes[i++]);
            }
            else if (i + 1 < bytes.Length && bytes[i + 1] == '\'')
            {
                result.Add(bytes[i]);
                i += 2;
            }
            else
            {
                var next = lexer.Continuation(i + 1);
                i = next < 0 ? bytes.Length : next;
            }
        }

        return result.ToArray();
    }

    /// <summary>The escapes of <c>E'…'</c> (manual, 4.1.2.2).</summary>
    private static byte[]? Unescape(ReadOnlySpan<byte> bytes)
    {
        var result = new ByteWriter(bytes.Length);
        var high = '\0';
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] != '\\' || i + 1 >= bytes.Length)
            {
                if (high != 0)
                    return null;
                result.Add(bytes[i++]);
                continue;
            }

            var c = bytes[i + 1];
            i += 2;
            if (c is (byte)'u' or (byte)'U')
            {
                var digits = c == 'u' ? 4 : 8;
                if (i + digits > bytes.Length || !TryHex(bytes.Slice(i, digits), out var value) || !AddCodePoint(ref result, value, ref high))
                    return null;
                i += digits;
                continue;
            }

            if (high != 0)
                return null;
            if (c is >= (byte)'0' and <= (byte)'7')
                result.Add(Digits(bytes, ref i, i - 1, 3, 8));
            else if (c == 'x' && i < bytes.Length && char.IsAsciiHexDigit((char)bytes[i]))
                result.Add(Digits(bytes, ref i, i, 2, 16));
            else
                result.Add(c switch { (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'v' => 11, _ => c });
        }

        return high == 0 ? result.ToArray() : null;
    }

    private static byte Digits(ReadOnlySpan<byte> bytes, ref int position, int from, int most, int radix)
    {
        var value = 0;
        var i = from;
        for (; i < bytes.Length && i < from + most && char.IsAsciiHexDigit((char)bytes[i]); i++)
        {
            var digit = char.IsAsciiDigit((char)bytes[i]) ? bytes[i] - '0' : (bytes[i] | 0x20) - 'a' + 10;
            if (digit >= radix)
                break;
            value = value * radix + digit;
        }

        position = i;
        return (byte)value;
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out int value) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    /// <summary>Adds a code point; the halves of a surrogate pair come one after the other.</summary>
    private static bool AddCodePoint(ref ByteWriter result, int value, ref char high)
    {
        if (high != 0)
        {
            if (value is < 0xDC00 or > 0xDFFF)
                return false;
            value = char.ConvertToUtf32(high, (char)value);
            high = '\0';
        }
        else if (value is >= 0xD800 and <= 0xDBFF)
        {
            high = (char)value;
            return true;
        }

        if (value <= 0 || !Rune.TryCreate(value, out var rune))
            return false;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
            result.Add(b);
        return true;
    }

    private ref struct ByteWriter(int capacity)
    {
        private byte[] _bytes = new byte[capacity];
        private int _length;

        public void Add(byte b)
        {
            if (_length == _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(16, _length * 2));
            _bytes[_length++] = b;
        }

        public readonly byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();
    }
}
