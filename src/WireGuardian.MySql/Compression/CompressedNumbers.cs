namespace WireGuardian.MySql.Compression;

/// <summary>
/// The numbers of compressed packets. Both sides count them together, from 0 with every command, and whatever the packets inside are numbered; MySQL's own clients
/// end the connection over a wrong one. One side may take while the other numbers.
/// </summary>
/// <remarks>
/// An answer goes on where its command ended. Clients that send commands ahead of the answers do not look at the numbers, and none of the two that count can tell
/// which command is answered: there the last one that came is taken.
/// </remarks>
public sealed class CompressedNumbers
{
    private readonly Lock _changing = new();
    private byte _afterReceived;
    private byte _next;
    private bool _answers;

    /// <summary>A packet came. False where its number neither begins a command nor follows on the packet before.</summary>
    public bool TryTake(byte number)
    {
        lock (_changing)
        {
            if (number != 0 && number != _afterReceived && number != _next)
                return false;
            _afterReceived = (byte)(number + 1);
            _answers = true;
            return true;
        }
    }

    /// <summary>The number of the next packet to be sent.</summary>
    public byte Next()
    {
        lock (_changing)
        {
            if (_answers)
                _next = _afterReceived;
            _answers = false;
            return _next++;
        }
    }
}
