using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>
/// ErrorResponse (backend, E) and NoticeResponse (backend, N): they have one layout. Any field may be missing, SQLSTATE too. Enumerating it gives its
/// fields in the order sent and allocates nothing.
/// </summary>
public readonly ref struct ErrorResponse
{
    private readonly ReadOnlySpan<byte> _fields;

    private ErrorResponse(ReadOnlySpan<byte> fields) => _fields = fields;

    /// <summary>Walks every field, so that enumerating cannot fail later.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out ErrorResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        while (ErrorField.TryRead(ref reader, out _))
        {
        }
        if (!reader.TryReadByte(out var terminator) || terminator != 0 || !reader.AtEnd)
            return false;
        message = new ErrorResponse(body);
        return true;
    }

    public Enumerator GetEnumerator() => new(_fields);

    public ref struct Enumerator
    {
        private BodyReader _reader;
        private ErrorField _current;

        internal Enumerator(ReadOnlySpan<byte> fields) => _reader = new BodyReader(fields);

        public readonly ErrorField Current => _current;

        public bool MoveNext() => ErrorField.TryRead(ref _reader, out _current);
    }
}
