using System.Buffers;

namespace WireGuardian.Core.Detection.Structure;

/// <summary>Goes through the scalars of JSON, an array literal or hstore. Total: what is none of them gives some scalars or none.</summary>
internal ref struct ScalarReader(ReadOnlySpan<byte> text, TextStructure structure)
{
    private static readonly SearchValues<byte> JsonBegins = SearchValues.Create("\"-0123456789"u8);
    private static readonly SearchValues<byte> InNumber = SearchValues.Create("0123456789+-.eE"u8);
    private static readonly SearchValues<byte> ArrayMarks = SearchValues.Create("{},"u8);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>The next scalar; false at the end.</summary>
    public bool TryRead(out Scalar scalar)
    {
        scalar = default;
        if (structure == TextStructure.Array)
            return TryReadElement(out scalar);
        var begin = structure == TextStructure.Json ? _text[_at..].IndexOfAny(JsonBegins) : _text[_at..].IndexOf((byte)'"');
        if (begin < 0)
            return false;
        _at += begin;
        if (_text[_at] == '"')
        {
            scalar = ReadQuoted(structure == TextStructure.Json ? Escaping.Json : Escaping.Backslash);
            return true;
        }
        var length = _text[_at..].IndexOfAnyExcept(InNumber);
        length = length < 0 ? _text.Length - _at : length;
        scalar = new(_at, length, Escaping.None, ScalarKind.Number);
        _at += length;
        return true;
    }

    private bool TryReadElement(out Scalar scalar)
    {
        scalar = default;
        // Bounds ([1:3]=) before the first brace are no element.
        if (_at == 0)
            _at = Math.Max(0, _text.IndexOf((byte)'{'));
        while (_at < _text.Length && ArrayMarks.Contains(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return false;
        if (_text[_at] == '"')
        {
            scalar = ReadQuoted(Escaping.Backslash) with { Kind = ScalarKind.Text };
            return true;
        }
        var length = _text[_at..].IndexOfAny(ArrayMarks);
        length = length < 0 ? _text.Length - _at : length;
        scalar = new(_at, length, Escaping.None, ScalarKind.Text);
        _at += length;
        return true;
    }

    private Scalar ReadQuoted(Escaping escaping)
    {
        var start = ++_at;
        var hasEscapes = false;
        while (true)
        {
            var end = _text[_at..].IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0)
            {
                _at = _text.Length;
                return new(start, _text.Length - start, hasEscapes ? escaping : Escaping.None, ScalarKind.Text);
            }
            _at += end;
            if (_text[_at] == '"')
                break;
            hasEscapes = true;
            _at = Math.Min(_text.Length, _at + 2);
        }
        var length = _at - start;
        _at++;
        return new(start, length, hasEscapes ? escaping : Escaping.None, IsKey() ? ScalarKind.Key : ScalarKind.Text);
    }

    /// <summary>True when a colon (JSON) or an arrow (hstore) comes next.</summary>
    private readonly bool IsKey()
    {
        var rest = _text[_at..].TrimStart(" \t\r\n"u8);
        return structure == TextStructure.Json ? rest.StartsWith(":"u8) : rest.StartsWith("=>"u8);
    }
}
