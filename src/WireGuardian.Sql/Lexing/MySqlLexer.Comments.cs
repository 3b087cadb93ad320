namespace WireGuardian.Sql.Lexing;

public ref partial struct MySqlLexer
{
    /// <summary>Galera runs what such a comment holds, where it is switched on: whether it runs cannot be known.</summary>
    private const int GaleraVersion = 99997;

    /// <summary>Skips whitespace and comments; false where a comment is not closed or cannot be read safely.</summary>
    private bool SkipBlank()
    {
        while (_position < _text.Length)
        {
            var b = _text[_position];
            var next = At(_position + 1);
            if (IsBlank(b))
            {
                _position++;
            }
            else if (b == '#' || (b == '-' && next == '-' && EndsDashes(At(_position + 2))))
            {
                // A NUL ends the line, too, and is none of a token's.
                var length = _text[_position..].IndexOfAny((byte)'\n', (byte)0);
                _position = length < 0 ? _text.Length : _position + length;
            }
            else if (b == '-' && next == '-' && At(_position + 2) >= 0x80)
            {
                // A blank or a control character in some character sets.
                return false;
            }
            else if (b == '*' && next == '/' && _isInComment)
            {
                _isInComment = false;
                _position += 2;
            }
            else if (b != '/' || next != '*')
            {
                return true;
            }
            else if (!BlockComment())
            {
                return false;
            }
        }

        return !_isInComment;
    }

    /// <summary><c>--</c> begins a comment only before a blank, a control character or the end.</summary>
    private static bool EndsDashes(byte b) => b is <= 32 or 127;

    /// <summary>Skips a comment, or what begins an executable one.</summary>
    private bool BlockComment()
    {
        var isMariaDbs = _settings.IsMariaDb && At(_position + 2) == 'M' && At(_position + 3) == '!';
        if (At(_position + 2) != '!' && !isMariaDbs)
            return IsSafeHint() && PlainComment(nested: false);

        var digits = _position + (isMariaDbs ? 4 : 3);
        var length = VersionLength(digits);
        if (length == 0)
        {
            _isInComment = true;
            _position = digits;
            return true;
        }

        var version = 0;
        foreach (var digit in _text.Slice(digits, length))
            version = version * 10 + (digit - '0');
        if (_settings.IsMariaDb && version == GaleraVersion)
            return false;
        // MySQL 5.7 and later have what MariaDB does not understand: it leaves their versions out.
        var isForIt = version <= _settings.Server.Number && (!_settings.IsMariaDb || isMariaDbs || version is < 50_700 or > 99_999);
        if (!isForIt)
            return PlainComment(nested: true);
        _isInComment = true;
        _position = digits + length;
        return true;
    }

    /// <summary>Five digits, or six: MariaDB takes a sixth wherever there is one, MySQL only before a blank.</summary>
    private readonly int VersionLength(int digits)
    {
        for (var i = 0; i < 5; i++)
        {
            if (!char.IsAsciiDigit((char)At(digits + i)))
                return 0;
        }

        return char.IsAsciiDigit((char)At(digits + 5)) && (_settings.IsMariaDb || IsBlank(At(digits + 6))) ? 6 : 5;
    }

    /// <summary>
    /// An optimizer hint of MySQL's is read by a scanner of its own, in which quotes count: where they could hide the end of it, it is not read.
    /// </summary>
    private readonly bool IsSafeHint()
    {
        if (_settings.IsMariaDb || At(_position + 2) != '+')
            return true;
        var end = _text[(_position + 3)..].IndexOf("*/"u8);
        if (end < 0)
            return false;
        var hint = _text.Slice(_position + 3, end);
        return hint.Count((byte)'\'') % 2 == 0 && hint.Count((byte)'"') % 2 == 0 && hint.Count((byte)'`') % 2 == 0;
    }

    /// <summary>Skips to the end of a comment. One that is for another version may hold plain comments.</summary>
    private bool PlainComment(bool nested)
    {
        var i = _position + 2;
        while (true)
        {
            var next = _text[i..].IndexOfAny((byte)'*', (byte)'/');
            if (next < 0)
                return false;
            i += next;
            if (_text[i] == '*' && At(i + 1) == '/')
            {
                _position = i + 2;
                return true;
            }

            if (nested && _text[i] == '/' && At(i + 1) == '*')
            {
                var end = _text[(i + 2)..].IndexOf("*/"u8);
                if (end < 0)
                    return false;
                i += end + 4;
            }
            else
            {
                i++;
            }
        }
    }
}
