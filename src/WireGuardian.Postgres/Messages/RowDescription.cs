using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>RowDescription (backend, T): the columns of a result. Enumerating it gives its fields and allocates nothing.</summary>
public readonly ref struct RowDescription
{
    private readonly ReadOnlySpan<byte> _fields;

    private RowDescription(int count, ReadOnlySpan<byte> fields)
    {
        Count = count;
        _fields = fields;
    }

    /// <summary>How many columns the result has; it can be zero.</summary>
    public int Count { get; }

    /// <summary>Walks every field, so that enumerating cannot fail later.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out RowDescription message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadUInt16(out var count))
            return false;
        var fields = reader.Rest;
        for (var i = 0; i < count; i++)
        {
            if (!RowDescriptionField.TryRead(ref reader, out _))
                return false;
        }
        if (!reader.AtEnd)
            return false;
        message = new RowDescription(count, fields);
        return true;
    }

    public Enumerator GetEnumerator() => new(_fields);

    public ref struct Enumerator
    {
        private BodyReader _reader;
        private RowDescriptionField _current;

        internal Enumerator(ReadOnlySpan<byte> fields) => _reader = new BodyReader(fields);

        public readonly RowDescriptionField Current => _current;

        public bool MoveNext() => RowDescriptionField.TryRead(ref _reader, out _current);
    }
}
