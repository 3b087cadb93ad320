namespace WireGuardian.MySql.Packets;

/// <summary>Goes through <see cref="OkPacket.SessionState"/>. A change whose length does not fit ends it, with <see cref="IsBroken"/> set.</summary>
public ref struct SessionStateReader(ReadOnlySpan<byte> sessionState)
{
    private PayloadReader _reader = new(sessionState);

    public SessionStateType Type { get; private set; }

    /// <summary>Laid out as the type says.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    public bool IsBroken { get; private set; }

    /// <summary>The next change, of whatever type; false at the end.</summary>
    public bool MoveNext()
    {
        if (_reader.AtEnd || IsBroken)
            return false;
        _reader.TryReadByte(out var type);
        IsBroken = !_reader.TryReadLengthEncodedBytes(out var data);
        Type = (SessionStateType)type;
        Data = data;
        return !IsBroken;
    }
}
