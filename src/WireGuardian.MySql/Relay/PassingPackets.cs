using System.Security.Cryptography;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>What is still to come of a payload that passes, or is dropped, as it comes: the rest of a packet and the packets that continue it.</summary>
/// <param name="numbers">Numbers the packets that continue it; may be null.</param>
public sealed class PassingPackets(PacketNumbers? numbers = null)
{
    private int _remaining;
    private bool _continued;
    private bool _dropping;
    private IncrementalHash? _digest;

    public bool IsActive => _remaining > 0 || _continued;

    /// <summary>True while a part of one that is sent on is still to come.</summary>
    public bool IsSent => IsActive && !_dropping;

    /// <summary>Begins with a payload of whose first packet <paramref name="taken"/> bytes (header included) were dealt with.</summary>
    /// <param name="header">Of the first packet.</param>
    /// <param name="taken">Bytes dealt with.</param>
    /// <param name="drop">It is not sent on.</param>
    /// <param name="digest">Takes the rest of the payload; may be null.</param>
    public void Begin(PacketHeader header, int taken, bool drop, IncrementalHash? digest = null) =>
        (_remaining, _continued, _dropping, _digest) = (header.TotalLength - taken, header.IsContinued, drop, digest);

    /// <summary>Takes what there is of it.</summary>
    /// <returns>Where it stopped.</returns>
    public int Take(Span<byte> input, int at, RelayOutput output)
    {
        while (IsActive)
        {
            if (_remaining == 0)
            {
                if (!PacketHeader.TryRead(input[at..], out var header))
                    break;
                numbers?.Number(input[at..]);
                (_remaining, _continued) = (header.Length, header.IsContinued);
                Send(at, PacketHeader.Size, output);
                at += PacketHeader.Size;
                continue;
            }
            var count = Math.Min(_remaining, input.Length - at);
            if (count == 0)
                break;
            _digest?.AppendData(input.Slice(at, count));
            Send(at, count, output);
            at += count;
            _remaining -= count;
        }
        return at;
    }

    private void Send(int start, int count, RelayOutput output)
    {
        if (!_dropping)
            output.Forward(start, count);
    }
}
