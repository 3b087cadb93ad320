using System.Buffers;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>One value of COPY's text format: its escapes are taken away, it is masked, and what is left gets its own.</summary>
internal sealed class TextCopyValue(CopyOut copy)
{
    private const byte Backslash = (byte)'\\';
    private const byte Star = (byte)'*';

    private readonly SearchValues<byte> _special = SearchValues.Create([.. "\\\b\f\n\r\t\v"u8, copy.Delimiter]);
    private readonly byte[] _star = copy.Delimiter == Star ? @"\*"u8.ToArray() : "*"u8.ToArray();
    private readonly MaskOutput _decoded = new();
    private readonly MaskOutput _standIn = new();
    private readonly MaskOutput _encoded = new();
    private bool _escaped;

    /// <summary>Masks the value from <paramref name="start"/> to <paramref name="end"/>, which is not NULL.</summary>
    public void MaskWhole(ValueMask mask, Span<byte> input, int start, int end, CopyEdits edits)
    {
        var raw = input[start..end];
        if (raw.Contains(Backslash))
        {
            MaskHeld(mask, raw, start, end, edits);
            return;
        }
        if (mask.IsStars && _star.Length == 1)
        {
            TextRedaction.Redact(raw);
            return;
        }
        var result = mask.Apply(raw, _standIn);
        if (result != MaskResult.InPlace || raw.ContainsAny(_special))
            edits.Replace(start, end, Encode(result, raw));
        _standIn.Clear();
    }

    /// <summary>Sends the masked <paramref name="raw"/>, the rest of which ends the input from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void MaskHeld(ValueMask mask, ReadOnlySpan<byte> raw, int start, int end, CopyEdits edits)
    {
        Decode(raw);
        var result = mask.Apply(_decoded.Written, _standIn);
        edits.Replace(start, end, Encode(result, _decoded.Written));
        _standIn.Clear();
        _decoded.Clear();
    }

    /// <summary>Sends a star for every byte of what <paramref name="raw"/> spells, the front of a value.</summary>
    public void InsertStars(ReadOnlySpan<byte> raw, int at, CopyEdits edits)
    {
        foreach (var unit in raw)
        {
            if (CountsAsByte(unit))
                edits.Replace(at, at, _star);
        }
    }

    /// <summary>The same for a piece that stands in the input.</summary>
    public void WriteStars(Span<byte> input, int start, int end, CopyEdits edits)
    {
        var count = 0;
        foreach (var unit in input[start..end])
            count += CountsAsByte(unit) ? 1 : 0;
        if (_star.Length == 1)
        {
            TextRedaction.Redact(input.Slice(start, count));
            if (count < end - start)
                edits.Replace(start + count, end, []);
            return;
        }
        edits.Replace(start, end, []);
        while (count-- > 0)
            edits.Replace(end, end, _star);
    }

    /// <summary>The value is over.</summary>
    public void EndStars() => _escaped = false;

    private bool CountsAsByte(byte unit)
    {
        _escaped = !_escaped && unit == Backslash;
        return !_escaped;
    }

    private void Decode(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var backslash = raw.IndexOf(Backslash);
            if (backslash < 0 || backslash + 1 == raw.Length)
            {
                _decoded.Write(raw);
                return;
            }
            _decoded.Write(raw[..backslash]);
            _decoded.WriteByte(raw[backslash + 1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'v' => (byte)'\v',
                var other => other,
            });
            raw = raw[(backslash + 2)..];
        }
    }

    private ReadOnlySpan<byte> Encode(MaskResult result, ReadOnlySpan<byte> inPlace)
    {
        if (result == MaskResult.Null)
            return copy.Null;
        var value = result == MaskResult.InPlace ? inPlace : _standIn.Written;
        if (!value.ContainsAny(_special))
            return value;
        _encoded.Clear();
        while (value.IndexOfAny(_special) is var special and >= 0)
        {
            _encoded.Write(value[..special]);
            _encoded.WriteByte(Backslash);
            _encoded.WriteByte(value[special] switch
            {
                (byte)'\b' => (byte)'b',
                (byte)'\f' => (byte)'f',
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                (byte)'\v' => (byte)'v',
                var other => other,
            });
            value = value[(special + 1)..];
        }
        _encoded.Write(value);
        return _encoded.Written;
    }
}
