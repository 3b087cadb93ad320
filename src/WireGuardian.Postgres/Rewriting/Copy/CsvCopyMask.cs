using System.Buffers;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>
/// COPY's csv format (the manual, COPY, "CSV Format"): values in quotes may hold delimiters and ends of lines, NULL is the marker without quotes.
/// </summary>
/// <param name="plan">A mask per column.</param>
/// <param name="copy">The options.</param>
/// <param name="forced">Per column: its values are quoted in any case.</param>
/// <param name="limit">Bytes of a value that may be kept.</param>
internal sealed class CsvCopyMask(MaskPlan plan, CopyOut copy, bool[] forced, int limit) : ICopyMask
{
    private const byte LineEnd = (byte)'\n';

    private readonly SearchValues<byte> _outside = SearchValues.Create([copy.Delimiter, LineEnd, copy.Quote]);
    private readonly SearchValues<byte> _inside = SearchValues.Create([copy.Quote, copy.Escape]);
    private readonly CsvCopyValue _value = new(copy);
    private readonly HeldValue _held = new(limit);
    private bool _inHeader = copy.HasHeader;
    private bool _inQuotes;
    private bool _escaped;
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
            var mask = _inHeader || _column >= plan.ColumnCount ? null : plan[_column];
            var length = FindEnd(input[at..end]);
            if (length < 0)
            {
                if (mask is not null)
                {
                    _held.Add(input[at..end]);
                    edits.Replace(at, end, []);
                }
                return;
            }
            if (mask is not null)
                MaskValue(mask, input, at, at + length, edits);
            at += length + 1;
            if (input[at - 1] == copy.Delimiter)
                _column++;
            else if (!_inHeader && _column != plan.ColumnCount - 1)
                throw HeldValue.Malformed();
            else
                (_inHeader, _inRow, _column) = (false, false, 0);
        }
    }

    /// <summary>Bytes up to the end of the value, or -1 where it has not come.</summary>
    private int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = _escaped ? 1 : 0;
        _escaped = false;
        while (true)
        {
            var next = at < bytes.Length ? bytes[at..].IndexOfAny(_inQuotes ? _inside : _outside) : -1;
            if (next < 0)
                return -1;
            at += next;
            if (!_inQuotes && bytes[at] != copy.Quote)
                return at;
            if (bytes[at] == copy.Quote)
            {
                // Two of them for one end the quotes and begin them again.
                _inQuotes = !_inQuotes;
                at++;
                continue;
            }
            at += 2;
            if (at > bytes.Length)
            {
                _escaped = true;
                return -1;
            }
        }
    }

    private void MaskValue(ValueMask mask, Span<byte> input, int start, int end, CopyEdits edits)
    {
        var isHeld = _held.Length > 0;
        if (isHeld)
            _held.Add(input[start..end]);
        var raw = isHeld ? _held.Bytes : input[start..end];
        if (!raw.SequenceEqual(copy.Null))
        {
            plan.Count(_column);
            if (_value.TryMaskInPlace(mask, raw, forced[_column]) && !isHeld)
                return;
            edits.Replace(start, end, _value.Masked);
        }
        else if (isHeld)
        {
            edits.Replace(start, end, raw);
        }
        _held.Clear();
    }
}
