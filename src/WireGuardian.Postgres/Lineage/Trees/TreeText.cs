using System.Buffers;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage.Trees;

/// <summary>The tokens of a node tree's text, as pg_strtok takes them: brackets, and runs of anything else in which a backslash takes a character as it is.</summary>
internal ref struct TreeText(ReadOnlySpan<char> text)
{
    /// <summary>The server breaks its text into lines of so many bytes: at a space, and where a line has none, anywhere.</summary>
    private const int LineLength = 78;

    /// <summary>Names are shorter than a line. Only one with many escaped characters can be broken in its middle, and then it is no longer what it was.</summary>
    private const int FewEscapes = 4;

    /// <summary>No character takes more bytes, in whichever encoding the server has.</summary>
    private const int MostBytes = 4;

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \n\t(){}\\");

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>The next token as it is written; empty at the end.</summary>
    public ReadOnlySpan<char> Next()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\n' or '\t')
            _position++;
        if (_position >= _text.Length)
            return default;
        var start = _position;
        if (_text[start] is '(' or ')' or '{' or '}')
        {
            _position++;
            return _text[start.._position];
        }

        while (true)
        {
            var run = _text[_position..].IndexOfAny(Ends);
            _position = run < 0 ? _text.Length : _position + run;
            if (_position >= _text.Length || _text[_position] != '\\')
                return _text[start.._position];
            _position = Math.Min(_position + 2, _text.Length);
        }
    }

    /// <summary>
    /// The token without its escapes. An escaped line break becomes a space: it is more likely an escaped space where the server broke the line, and who compares
    /// names must not tell one from the other.
    /// </summary>
    public static string Unescape(ReadOnlySpan<char> token)
    {
        if (token is "\"\"")
            return "";
        if (!token.Contains('\\'))
            return token.ToString();
        var characters = new char[token.Length];
        var length = 0;
        for (var index = 0; index < token.Length; index++)
        {
            if (token[index] == '\\' && ++index == token.Length)
                break;
            characters[length++] = token[index] == '\n' ? ' ' : token[index];
        }
        return new string(characters, 0, length);
    }

    /// <summary>Throws where a line may have been broken in the middle of a token: what follows the break could be read as something else than a name.</summary>
    public static void ThrowIfBroken(ReadOnlySpan<char> text)
    {
        var bytes = 0;
        var escapes = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == ' ' || (character == '\n' && (index == 0 || text[index - 1] != '\\')))
            {
                bytes = 0;
                escapes = 0;
                continue;
            }
            bytes += character < 0x80 ? 1 : MostBytes;
            escapes += character == '\\' ? 1 : 0;
            if (bytes >= LineLength && escapes >= FewEscapes)
                throw new ProtocolException(ProtocolFault.Server, "a query tree holds a name that is too long, once escaped, to be read back");
        }
    }
}
