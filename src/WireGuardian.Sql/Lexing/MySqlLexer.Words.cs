using System.Text;
using System.Text.Unicode;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Lexing;

public ref partial struct MySqlLexer
{
    /// <summary>A name, a key word, or the letter in front of a literal.</summary>
    private MySqlToken Word(int start, byte first)
    {
        if (At(start + 1) == '\'')
        {
            switch (first | 0x20)
            {
                case 'x':
                    return Digits(start, hex: true);
                case 'b':
                    return Digits(start, hex: false);
                case 'n':
                    return Quoted(start, start + 1, MySqlTokenKind.String);
            }
        }

        if (first == '$' && !_settings.IsMariaDb && DollarTag(start) is var tag and > 0)
            return DollarString(start, tag);

        var token = Name(start, start);
        if (token.Kind != MySqlTokenKind.Word || _isSeparator)
            return token;
        return new MySqlToken(MySqlTokenKind.Word, MySqlKeywords.Find(_text[start..token.End]), start, token.End);
    }

    /// <summary>A name that is no key word, to its end. A dot with a name part behind it makes the next word a name as well.</summary>
    private MySqlToken Name(int start, int from)
    {
        var end = from;
        while (end < _text.Length && IsNamePart(_text[end]))
            end++;
        if (!IsReadable(_text[start..end]))
            return Fail(start);
        _isSeparator = At(end) == '.' && IsNamePart(At(end + 1));
        return TakeTo(MySqlTokenKind.Word, start, end);
    }

    private readonly bool IsReadable(ReadOnlySpan<byte> name) =>
        Ascii.IsValid(name) || (_settings.Encoding == MySqlTextEncoding.Utf8 && Utf8.IsValid(name));

    /// <summary>To the closing quote; a doubled one is none. There are no escapes in names.</summary>
    private MySqlToken QuotedName(int start)
    {
        var end = EndOfQuotedName(start);
        return end < 0 || !IsReadable(_text[start..end]) || _text[start..end].Contains((byte)0)
            ? Fail(start)
            : TakeTo(MySqlTokenKind.QuotedIdentifier, start, end);
    }

    private readonly int EndOfQuotedName(int start)
    {
        var quote = _text[start];
        for (var i = start + 1; ; i += 2)
        {
            var next = _text[i..].IndexOf(quote);
            if (next < 0)
                return -1;
            i += next;
            if (At(i + 1) != quote)
                return i + 1;
        }
    }

    /// <summary><c>@name</c>, in which dots are part of the name, or <c>@</c> with a quoted name, or <c>@@</c>.</summary>
    private MySqlToken Variable(int start)
    {
        var next = At(start + 1);
        if (next == '@')
        {
            var name = At(start + 2);
            return name == '`' || IsNamePart(name) ? Take(MySqlTokenKind.SystemVariable, start, 2) : Fail(start);
        }

        if (next is (byte)'\'' || (next == '"' && !_settings.Has(MySqlSqlModes.AnsiQuotes)))
            return Quoted(start, start + 1, MySqlTokenKind.UserVariable);
        if (next is (byte)'`' or (byte)'"')
        {
            var quoted = QuotedName(start + 1);
            return quoted.Kind == MySqlTokenKind.Error ? Fail(start) : TakeTo(MySqlTokenKind.UserVariable, start, quoted.End);
        }

        var end = start + 1;
        while (char.IsAsciiLetterOrDigit((char)At(end)) || At(end) is (byte)'.' or (byte)'_' or (byte)'$')
            end++;
        // Which other bytes are letters, the character set says.
        return At(end) >= 0x80 ? Fail(start) : TakeTo(MySqlTokenKind.UserVariable, start, end);
    }
}
