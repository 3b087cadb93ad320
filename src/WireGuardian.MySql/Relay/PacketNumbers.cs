using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Numbers a client's packets as the server's leg wants them, where the client's is compressed. There only compressed packets are counted, and what clients write into those
/// inside is no count: MariaDB's give 0 to each packet of a long command, MySQL's go on from the compressed packet's number.
/// </summary>
public sealed class PacketNumbers
{
    private byte _next;

    /// <summary>The next packet follows on one of number <paramref name="last"/>, of either side.</summary>
    public void Continue(byte last) => _next = (byte)(last + 1);

    /// <summary>Writes the next number into the header that <paramref name="packet"/> begins with.</summary>
    public void Number(Span<byte> packet) => packet[PacketHeader.SequenceOffset] = _next++;

    /// <summary>Numbers as many of a command's packets as have come.</summary>
    /// <param name="bytes">Begins with the first packet's header.</param>
    public void NumberCommand(Span<byte> bytes)
    {
        _next = 0;
        while (PacketHeader.TryRead(bytes, out var header))
        {
            Number(bytes);
            if (!header.IsContinued || bytes.Length < header.TotalLength)
                return;
            bytes = bytes[header.TotalLength..];
        }
    }
}
