namespace WireGuardian.Postgres.Framing;

/// <summary>A whole message as it came, for the phases before the relay.</summary>
/// <param name="Raw">Header and body.</param>
public readonly record struct ReceivedMessage(byte[] Raw)
{
    public byte Type => Raw[0];

    public ReadOnlySpan<byte> Body => Raw.AsSpan(MessageHeader.Size);
}
