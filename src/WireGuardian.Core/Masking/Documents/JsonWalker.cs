using System.Buffers;
using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Masking.Documents;

/// <summary>
/// Goes through a JSON document that comes in any number of pieces, and gives what is at the places that are masked. Strict (RFC 8259): what is no JSON is
/// broken where it ceases to be one. Keys are compared by what they spell; what is spelled in strings is no structure. Belongs to one mask of one session: nothing is
/// allocated per document once it has grown to what is usual.
/// </summary>
public sealed partial class JsonWalker
{
    /// <summary>Objects and arrays within each other; a document that is deeper counts as broken. Servers hold less on their stacks.</summary>
    public const int DeepestNesting = 20_000;

    private const int KeptDepth = 256;

    // No byte of a key takes more in its longest spelling, \u0041.
    private const int LongestSpelling = 6;

    private static readonly SearchValues<byte> StringMarks = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(unit => (byte)unit)]);

    private readonly JsonPlaces _places;
    private readonly int _words;
    private readonly byte[] _key;

    // Of each open object or array, and at the end of the value that comes: the states of the paths, and the place that decides.
    private ulong[] _states = [];
    private int[] _deciding = [];

    // Of each open array the number of the next element; -1 of an object.
    private int[] _next = [];

    private Expected _expected;
    private int _depth;
    private int _keyLength;
    private bool _isKey;
    private Escape _escape;
    private bool _isEscaped;
    private NumberPart _number;
    private long _position;
    private byte _literal;

    public JsonWalker(JsonPlaces places)
    {
        (_places, _words) = (places, places.Words);
        _key = new byte[(places.LongestKey * LongestSpelling) + 1];
        Grow(8);
        Reset();
    }

    /// <summary>What was read is a whole document.</summary>
    public bool IsComplete => _expected == Expected.Nothing || (_expected == Expected.InNumber && _depth == 0 && IsNumberWhole);

    /// <summary>What was read is the beginning of no document.</summary>
    public bool IsBroken => _expected == Expected.Broken;

    private bool IsNumberWhole => _number is NumberPart.Zero or NumberPart.Integer or NumberPart.Fraction or NumberPart.ExponentDigits;

    private bool InObject => _depth > 0 && _next[_depth - 1] < 0;

    /// <summary>Begins with the next document.</summary>
    public void Reset()
    {
        if (_deciding.Length > KeptDepth)
            Grow(KeptDepth / 2);
        (_expected, _depth, _escape, _keyLength) = (Expected.Value, 0, Escape.None, 0);
        _places.Start.CopyTo(_states);
        _deciding[0] = _places.StartPlace;
    }

    /// <summary>Goes on to the next piece that is at a place.</summary>
    /// <param name="input">What has come; the next time from where this one ended.</param>
    /// <param name="at">Where to go on; then the first byte that was not read. Where the document breaks, the first byte of the value, or of the mark, that does not hold.</param>
    /// <param name="piece">The piece.</param>
    /// <returns>False at the end of what has come, and where it breaks.</returns>
    public bool TryRead(ReadOnlySpan<byte> input, ref int at, out JsonPiece piece)
    {
        piece = default;
        while (at < input.Length && _expected != Expected.Broken)
        {
            switch (_expected)
            {
                case Expected.InString:
                    if (_isKey)
                        ReadKey(input, ref at);
                    else if (ReadText(input, ref at, out piece))
                        return true;
                    continue;
                case Expected.InNumber:
                    if (ReadNumber(input, ref at, out piece))
                        return true;
                    continue;
                case Expected.InLiteral:
                    if (ReadLiteral(input, ref at, out piece))
                        return true;
                    continue;
            }
            if (input[at] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
                at++;
            else if (Take(input[at], ref at, out piece))
                return true;
        }
        return false;
    }

    /// <summary>Takes a byte between values. True when it gives a piece.</summary>
    private bool Take(byte unit, ref int at, out JsonPiece piece)
    {
        piece = default;
        switch (_expected)
        {
            case Expected.Value:
                return BeginValue(unit, ref at, out piece);
            case Expected.FirstElement when unit != ']':
                return BeginValue(unit, ref at, out piece);
            case Expected.FirstElement:
            case Expected.FirstKey when unit == '}':
                return Close(ref at, out piece);
            case Expected.FirstKey or Expected.Key when unit == '"':
                (_expected, _isKey, _keyLength, _escape, _isEscaped) = (Expected.InString, true, 0, Escape.None, false);
                at++;
                return false;
            case Expected.Colon when unit == ':':
                _expected = Expected.Value;
                at++;
                return false;
            case Expected.Next when unit == ',':
                _expected = InObject ? Expected.Key : Expected.Value;
                at++;
                return false;
            case Expected.Next when unit == (InObject ? '}' : ']'):
                return Close(ref at, out piece);
            default:
                _expected = Expected.Broken;
                return false;
        }
    }

    private bool BeginValue(byte unit, ref int at, out JsonPiece piece)
    {
        piece = default;
        if (_depth > 0 && !InObject)
            StepTo(_next[_depth - 1]++);
        _position = 0;
        switch (unit)
        {
            case (byte)'{' or (byte)'[':
                return Open(isObject: unit == '{', ref at, out piece);
            case (byte)'"':
                (_expected, _isKey, _escape, _isEscaped) = (Expected.InString, false, Escape.None, false);
                at++;
                return false;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                (_expected, _number) = (Expected.InNumber, unit == '-' ? NumberPart.Minus : unit == '0' ? NumberPart.Zero : NumberPart.Integer);
                return false;
            case (byte)'t' or (byte)'f' or (byte)'n':
                (_expected, _literal) = (Expected.InLiteral, unit);
                return false;
            default:
                _expected = Expected.Broken;
                return false;
        }
    }

    private bool Open(bool isObject, ref int at, out JsonPiece piece)
    {
        piece = default;
        if (_depth == DeepestNesting)
        {
            _expected = Expected.Broken;
            return false;
        }
        var place = _deciding[_depth];
        _next[_depth++] = isObject ? -1 : 0;
        if (_depth == _deciding.Length)
            Grow(_deciding.Length * 2);
        _expected = isObject ? Expected.FirstKey : Expected.FirstElement;
        at++;
        if (_places.MaskOf(place) != MaskKind.Null)
            return false;
        piece = new(JsonPieceKind.Opening, at - 1, 1, place, IsWithin: false, 0, IsEscaped: false);
        return true;
    }

    private bool Close(ref int at, out JsonPiece piece)
    {
        piece = default;
        at++;
        _depth--;
        EndValue();
        var place = _deciding[_depth];
        if (_places.MaskOf(place) != MaskKind.Null)
            return false;
        piece = new(JsonPieceKind.Closing, at, 0, place, IsWithin: false, 0, IsEscaped: false);
        return true;
    }

    private void EndValue() => _expected = _depth == 0 ? Expected.Nothing : Expected.Next;

    private bool ReadText(ReadOnlySpan<byte> input, ref int at, out JsonPiece piece)
    {
        var start = at;
        var end = ReadString(input, ref at);
        if (IsBroken)
        {
            piece = default;
            at = start;
            return false;
        }
        return Give(JsonPieceKind.Text, start, end - start, out piece);
    }

    private void ReadKey(ReadOnlySpan<byte> input, ref int at)
    {
        var start = at;
        var end = ReadString(input, ref at);
        if (IsBroken)
            return;
        var part = input[start..end];
        var isOver = _expected != Expected.InString;
        if (isOver && _keyLength == 0 && !_isEscaped)
        {
            StepTo(part);
            return;
        }
        // One that is longer than the longest is none of those that lead anywhere.
        var kept = part[..Math.Min(part.Length, _key.Length - _keyLength)];
        kept.CopyTo(_key.AsSpan(_keyLength));
        _keyLength += kept.Length;
        if (isOver)
            StepTo(_keyLength == _key.Length ? "\0"u8 : _key.AsSpan(0, JsonString.Unescape(_key.AsSpan(0, _keyLength), _key)));
    }

    /// <summary>Reads what there is of a string. Gives the byte behind its last: where the quote stands, if it has come.</summary>
    private int ReadString(ReadOnlySpan<byte> input, ref int at)
    {
        while (at < input.Length)
        {
            if (_escape != Escape.None)
            {
                if (!TakeEscaped(input[at]))
                {
                    _expected = Expected.Broken;
                    return at;
                }
                at++;
                continue;
            }
            var mark = input[at..].IndexOfAny(StringMarks);
            if (mark < 0)
            {
                at = input.Length;
                return at;
            }
            at += mark;
            if (input[at] == '"')
            {
                at++;
                if (_isKey)
                    _expected = Expected.Colon;
                else
                    EndValue();
                return at - 1;
            }
            if (input[at] != '\\')
            {
                _expected = Expected.Broken;
                return at;
            }
            (_escape, _isEscaped) = (Escape.Character, true);
            at++;
        }
        return at;
    }

    private bool TakeEscaped(byte unit)
    {
        if (_escape != Escape.Character)
        {
            _escape = _escape == Escape.Digit4 ? Escape.None : _escape + 1;
            return Hex.Digit(unit) >= 0;
        }
        _escape = unit == 'u' ? Escape.Digit1 : Escape.None;
        return unit is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'u';
    }

    private bool ReadNumber(ReadOnlySpan<byte> input, ref int at, out JsonPiece piece)
    {
        var start = at;
        if (_position == 0)
            at++;
        while (at < input.Length && TakeNumber(input[at]))
            at++;
        if (at < input.Length && !IsNumberWhole)
        {
            (_expected, at) = (Expected.Broken, start);
            piece = default;
            return false;
        }
        if (at < input.Length)
            EndValue();
        return Give(JsonPieceKind.Number, start, at - start, out piece);
    }

    private bool TakeNumber(byte unit)
    {
        var isDigit = unit is >= (byte)'0' and <= (byte)'9';
        var next = (_number, unit) switch
        {
            (NumberPart.Minus, (byte)'0') => NumberPart.Zero,
            (NumberPart.Minus or NumberPart.Integer, _) when isDigit => NumberPart.Integer,
            (NumberPart.Zero or NumberPart.Integer, (byte)'.') => NumberPart.Point,
            (NumberPart.Point or NumberPart.Fraction, _) when isDigit => NumberPart.Fraction,
            (NumberPart.Zero or NumberPart.Integer or NumberPart.Fraction, (byte)'e' or (byte)'E') => NumberPart.Exponent,
            (NumberPart.Exponent, (byte)'+' or (byte)'-') => NumberPart.ExponentSign,
            (NumberPart.Exponent or NumberPart.ExponentSign or NumberPart.ExponentDigits, _) when isDigit => NumberPart.ExponentDigits,
            _ => (NumberPart?)null,
        };
        _number = next ?? _number;
        return next is not null;
    }

    private bool ReadLiteral(ReadOnlySpan<byte> input, ref int at, out JsonPiece piece)
    {
        var start = at;
        var word = _literal == 't' ? "true"u8 : _literal == 'f' ? "false"u8 : "null"u8;
        var rest = word[(int)_position..];
        var count = Math.Min(rest.Length, input.Length - at);
        if (!input.Slice(at, count).SequenceEqual(rest[..count]))
        {
            _expected = Expected.Broken;
            piece = default;
            return false;
        }
        at += count;
        if (count == rest.Length)
            EndValue();
        if (_literal != 'n')
            return Give(JsonPieceKind.Boolean, start, count, out piece);
        _position += count;
        piece = default;
        return false;
    }

    /// <summary>Gives a piece of the value that is read, if a place masks it.</summary>
    private bool Give(JsonPieceKind kind, int start, int length, out JsonPiece piece)
    {
        var place = _deciding[_depth];
        var isMasked = _places.MaskOf(place) is not null;
        piece = isMasked ? new(kind, start, length, place, IsWithin(place), _position, _isEscaped) : default;
        _position += length;
        return isMasked;
    }

    private bool IsWithin(int place) => _places.IsDocument(place) || (_depth > 0 && _deciding[_depth - 1] == place);

    private void StepTo(ReadOnlySpan<byte> key) =>
        _deciding[_depth] = _places.Step(StatesOf(_depth - 1), _deciding[_depth - 1], key, StatesOf(_depth));

    private void StepTo(int index) =>
        _deciding[_depth] = _places.Step(StatesOf(_depth - 1), _deciding[_depth - 1], index, StatesOf(_depth));

    private Span<ulong> StatesOf(int depth) => _states.AsSpan(depth * _words, _words);

    private void Grow(int depth)
    {
        Array.Resize(ref _states, depth * _words);
        Array.Resize(ref _deciding, depth);
        Array.Resize(ref _next, depth);
    }
}
