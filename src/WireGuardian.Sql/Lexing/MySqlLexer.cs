using System.Buffers;
using System.Text;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Lexing;

/// <summary>
/// Reads the tokens of MySQL and MariaDB as the server with these settings does. Total and linear: any bytes give tokens, an <see cref="MySqlTokenKind.Error"/>
/// where the server would read none or where what it reads cannot be known, and then the end. Bytes above 0x7F are read in literals and comments; in names, only in UTF-8.
/// </summary>
public ref partial struct MySqlLexer
{
    private static readonly SearchValues<byte> Operators = SearchValues.Create("+-*/%=<>!&|^~"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly MySqlSqlSettings _settings;

    // Where a byte may be half of a character, no quote can be trusted.
    private readonly bool _isUnreadable;
    private int _position;

    // A name follows at once, whatever word it spells: the text stands behind a dot.
    private bool _isName;

    // A dot follows at once that belongs to a name, whatever stands behind it.
    private bool _isSeparator;

    // The text of an executable comment is being read: the next */ ends it.
    private bool _isInComment;

    public MySqlLexer(ReadOnlySpan<byte> text, MySqlSqlSettings settings)
    {
        _settings = settings;
        _text = text;
        if (settings.Encoding == MySqlTextEncoding.Unsafe && !Ascii.IsValid(text))
            _isUnreadable = true;
    }

    /// <summary>Where the next token is looked for.</summary>
    public readonly int Position => _position;

    /// <summary>
    /// To be called behind a semicolon that ends a statement: the server starts over there, and an executable comment that was open is none any more.
    /// </summary>
    public void StartStatement() => _isInComment = false;

    /// <summary>The next token; after an error or the last one, the end, again and again.</summary>
    public MySqlToken Next()
    {
        if (_isUnreadable && _position < _text.Length)
            return Fail(_position);
        if (_isSeparator)
        {
            _isSeparator = false;
            _isName = true;
            return Take(MySqlTokenKind.Dot, _position, 1);
        }

        if (_isName)
        {
            _isName = false;
            return Name(_position, _position);
        }

        if (!SkipBlank())
            return Fail(_position);
        if (_position >= _text.Length)
            return new MySqlToken(MySqlTokenKind.End, MySqlKeyword.NoKeyword, _text.Length, _text.Length);

        var start = _position;
        var b = _text[start];
        if (char.IsAsciiDigit((char)b))
            return Number(start);
        if (IsNamePart(b))
            return Word(start, b);
        return b switch
        {
            (byte)'\'' => Quoted(start, start, MySqlTokenKind.String),
            (byte)'"' when _settings.Has(MySqlSqlModes.AnsiQuotes) => QuotedName(start),
            (byte)'"' => Quoted(start, start, MySqlTokenKind.String),
            (byte)'`' => QuotedName(start),
            (byte)'@' => Variable(start),
            (byte)'(' => Take(MySqlTokenKind.OpenParenthesis, start, 1),
            (byte)')' => Take(MySqlTokenKind.CloseParenthesis, start, 1),
            (byte)'{' => Take(MySqlTokenKind.OpenBrace, start, 1),
            (byte)'}' => Take(MySqlTokenKind.CloseBrace, start, 1),
            (byte)',' => Take(MySqlTokenKind.Comma, start, 1),
            (byte)';' => Take(MySqlTokenKind.Semicolon, start, 1),
            (byte)'?' => Take(MySqlTokenKind.Parameter, start, 1),
            (byte)':' when At(start + 1) == '=' => Take(MySqlTokenKind.ColonEquals, start, 2),
            (byte)':' => Take(MySqlTokenKind.Colon, start, 1),
            (byte)'.' => Dot(start),
            (byte)'\\' when _settings.IsMariaDb && At(start + 1) == 'N' => Take(MySqlTokenKind.NullLiteral, start, 2),
            _ when Operators.Contains(b) => Take(MySqlTokenKind.Operator, start, 1),
            _ => Fail(start),
        };
    }

    internal static bool IsNamePart(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'$';

    private static bool IsBlank(byte b) => b is (byte)' ' or >= 9 and <= 13;

    /// <summary>The byte at this place, or 0 past the end, as the server sees it.</summary>
    private readonly byte At(int index) => (uint)index < (uint)_text.Length ? _text[index] : (byte)0;

    private MySqlToken Take(MySqlTokenKind kind, int start, int length) => TakeTo(kind, start, start + length);

    private MySqlToken TakeTo(MySqlTokenKind kind, int start, int end)
    {
        _position = end;
        return new MySqlToken(kind, MySqlKeyword.NoKeyword, start, end);
    }

    private MySqlToken Fail(int start)
    {
        _position = _text.Length;
        _isName = _isSeparator = false;
        _isInComment = false;
        return new MySqlToken(MySqlTokenKind.Error, MySqlKeyword.NoKeyword, start, _text.Length);
    }

    /// <summary>A dot from which no name came before: of a number, of a range, or in front of a name.</summary>
    private MySqlToken Dot(int start)
    {
        var next = At(start + 1);
        if (char.IsAsciiDigit((char)next))
            return Real(start, start);
        if (next == '.' && _settings.IsMariaDb)
            return Take(MySqlTokenKind.DotDot, start, 2);
        _isName = IsNamePart(next);
        return Take(MySqlTokenKind.Dot, start, 1);
    }
}
