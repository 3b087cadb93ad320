using System.Buffers;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>
/// COPY's text format: a line per row, in which a backslash stands before what would end a value or a row (the manual, COPY, "Text Format"). A line's end is one
/// wherever it stands: the server spells those of values.
/// </summary>
internal sealed class TextCopyMask(MaskPlan plan, CopyOut copy, int limit) : ICopyMask
{
    private const byte LineEnd = (byte)'\n';
    private const byte Backslash = (byte)'\\';

    private readonly SearchValues<byte> _ends = SearchValues.Create([copy.Delimiter, LineEnd, Backslash]);
    private readonly TextCopyValue _value = new(copy);
    private readonly HeldValue _held = new(limit);
    private bool _inHeader = copy.HasHeader;
    private bool _escaped;
    private bool _inStars;
    private bool _inRow;
    private int _column;

    /// <inheritdoc/>
    public bool IsAtRowEnd => !_inRow;

    /// <inheritdoc/>
    public void Mask(Span<byte> input, int start, int end, CopyEdits edits)
    {
        for (var at = start; at < end;)
        {
            _inRow = true;
            if (_inHeader || _column > plan.LastMasked)
            {
                var line = input[at..end].IndexOf(LineEnd);
                if (line < 0)
                    return;
                at += line + 1;
                EndRow();
                continue;
            }
            var length = FindEnd(input[at..end]);
            var mask = plan[_column];
            if (length < 0)
            {
                if (mask is not null)
                    Hold(mask, input, at, end, edits);
                return;
            }
            if (mask is not null)
                MaskValue(mask, input, at, at + length, edits);
            at += length + 1;
            if (input[at - 1] == copy.Delimiter)
                _column++;
            else if (_column < plan.LastMasked)
                throw HeldValue.Malformed();
            else
                EndRow();
        }
    }

    private void EndRow() => (_inHeader, _inRow, _column) = (false, false, 0);

    /// <summary>Bytes up to the end of the value, or -1 where it has not come.</summary>
    private int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = _escaped ? 1 : 0;
        _escaped = false;
        while (true)
        {
            var next = bytes[at..].IndexOfAny(_ends);
            if (next < 0)
                return -1;
            at += next;
            if (bytes[at] != Backslash)
                return at;
            at += 2;
            if (at > bytes.Length)
            {
                _escaped = true;
                return -1;
            }
        }
    }

    /// <summary>A value of which more has to come: what there is of it is kept, but for one that becomes stars in any case.</summary>
    private void Hold(ValueMask mask, Span<byte> input, int start, int end, CopyEdits edits)
    {
        if (_inStars)
        {
            _value.WriteStars(input, start, end, edits);
            return;
        }
        _held.Add(input[start..end]);
        edits.Replace(start, end, []);
        if (!mask.IsStars || _held.Length <= copy.Null.Length)
            return;
        // It is too long for NULL.
        plan.Count(_column);
        _inStars = true;
        _value.InsertStars(_held.Bytes, end, edits);
        _held.Clear();
    }

    private void MaskValue(ValueMask mask, Span<byte> input, int start, int end, CopyEdits edits)
    {
        if (_inStars)
        {
            _value.WriteStars(input, start, end, edits);
            _value.EndStars();
            _inStars = false;
            return;
        }
        if (_held.Length == 0)
        {
            if (!input[start..end].SequenceEqual(copy.Null))
            {
                plan.Count(_column);
                _value.MaskWhole(mask, input, start, end, edits);
            }
            return;
        }
        _held.Add(input[start..end]);
        if (_held.Bytes.SequenceEqual(copy.Null))
        {
            edits.Replace(start, end, _held.Bytes);
        }
        else
        {
            plan.Count(_column);
            _value.MaskHeld(mask, _held.Bytes, start, end, edits);
        }
        _held.Clear();
    }
}
