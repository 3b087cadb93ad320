using System.Buffers;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>One value of COPY's csv format: its quotes are taken away, it is masked, and what is left gets quotes where the server would set them.</summary>
internal sealed class CsvCopyValue(CopyOut copy)
{
    private readonly SearchValues<byte> _special = SearchValues.Create([(byte)'\n', (byte)'\r', copy.Delimiter, copy.Quote]);
    private readonly SearchValues<byte> _escaped = SearchValues.Create([copy.Quote, copy.Escape]);
    private readonly MaskOutput _decoded = new();
    private readonly MaskOutput _standIn = new();
    private readonly MaskOutput _encoded = new();

    /// <summary>What stands for the value masked last; valid until the next.</summary>
    public ReadOnlySpan<byte> Masked => _encoded.Written;

    /// <summary>Masks a value that is not NULL. False when what stands for it is <see cref="Masked"/>; true when it is <paramref name="raw"/> as well.</summary>
    public bool TryMaskInPlace(ValueMask mask, Span<byte> raw, bool isForced)
    {
        _encoded.Clear();
        var isPlain = !raw.Contains(copy.Quote);
        if (!isPlain)
            Decode(raw);
        var value = isPlain ? raw : _decoded.Written;
        var result = mask.Apply(value, _standIn);
        if (result == MaskResult.Null)
            _encoded.Write(copy.Null);
        else
            Encode(result == MaskResult.InPlace ? value : _standIn.Written, isForced);
        var inPlace = isPlain && result == MaskResult.InPlace && _encoded.Length == raw.Length;
        _decoded.Clear();
        _standIn.Clear();
        return inPlace;
    }

    private void Decode(ReadOnlySpan<byte> raw)
    {
        var inQuotes = false;
        for (var at = 0; at < raw.Length; at++)
        {
            if (inQuotes && raw[at] == copy.Escape && at + 1 < raw.Length && (raw[at + 1] == copy.Quote || raw[at + 1] == copy.Escape))
                _decoded.WriteByte(raw[++at]);
            else if (raw[at] == copy.Quote)
                inQuotes = !inQuotes;
            else
                _decoded.WriteByte(raw[at]);
        }
    }

    private void Encode(ReadOnlySpan<byte> value, bool isForced)
    {
        if (!isForced && !value.ContainsAny(_special) && !value.SequenceEqual(copy.Null))
        {
            _encoded.Write(value);
            return;
        }
        _encoded.WriteByte(copy.Quote);
        while (value.IndexOfAny(_escaped) is var special and >= 0)
        {
            _encoded.Write(value[..special]);
            _encoded.WriteByte(copy.Escape);
            _encoded.WriteByte(value[special]);
            value = value[(special + 1)..];
        }
        _encoded.Write(value);
        _encoded.WriteByte(copy.Quote);
    }
}
