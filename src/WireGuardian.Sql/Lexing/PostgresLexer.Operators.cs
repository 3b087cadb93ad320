using System.Buffers;

namespace WireGuardian.Sql.Lexing;

/// <summary>Operators: the longest run of operator characters, with the exceptions of section 4.1.3.</summary>
public ref partial struct PostgresLexer
{
    private const int LongestOperator = 63;

    private static readonly SearchValues<byte> OperatorBytes = SearchValues.Create("~!@#^&|`?+-*/%<>="u8);

    /// <summary>With one of these in it, an operator may end in + or -.</summary>
    private static readonly SearchValues<byte> SignKeepers = SearchValues.Create("~!@#^&|`?%"u8);

    private static bool IsOperatorByte(byte b) => OperatorBytes.Contains(b);

    private Token Operator(int start)
    {
        if (start >= _plainRunEnd)
        {
            var run = OperatorRun(start);
            var keepsSigns = _text[start + run - 1] is not ((byte)'+' or (byte)'-')
                || _text.Slice(start, run - 1).ContainsAny(SignKeepers);
            if (keepsSigns)
                return Finish(start, start + run);
            _plainRunEnd = start + run;
            _plainRunLastUnsigned = start + _text.Slice(start, run).LastIndexOfAnyExcept((byte)'+', (byte)'-');
        }

        return Finish(start, _plainRunLastUnsigned >= start ? _plainRunLastUnsigned + 1 : start + 1);
    }

    /// <summary>The length of the run, up to where a comment starts in it.</summary>
    private readonly int OperatorRun(int start)
    {
        var length = 1;
        while (start + length < _text.Length && IsOperatorByte(_text[start + length]))
        {
            var pair = (_text[start + length - 1], _text[start + length]);
            if (pair is ((byte)'/', (byte)'*') or ((byte)'-', (byte)'-'))
                return Math.Max(1, length - 1);
            length++;
        }

        return length;
    }

    private Token Finish(int start, int end)
    {
        if (end - start > LongestOperator)
            return Fail(start);
        var isArrow = end - start == 2 && _text[start] == '=' && _text[start + 1] == '>';
        return TakeTo(isArrow ? TokenKind.EqualsGreater : TokenKind.Operator, start, end);
    }
}
