using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Rewriting.Copy;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Masks the CopyData messages of a COPY … TO STDOUT. One message of the server is one to the client (many clients take it for a row), unless it is longer than
/// what may be kept: then its pieces go out as messages of their own.
/// </summary>
/// <param name="limit">Bytes of a message, or of a value, that may be kept.</param>
/// <param name="texts">Looks into what no rule masks; null where nothing does.</param>
public sealed class MaskedCopy(int limit, PassingDetection? texts = null)
{
    private readonly CopyEdits _edits = new();
    private ICopyMask? _mask;
    private CopyOut? _data;

    /// <summary>Bytes of a message that comes in pieces.</summary>
    private long _remaining;

    /// <summary>The plan of the COPY under way, or of the last one.</summary>
    public MaskPlan Plan { get; private set; } = MaskPlan.None;

    /// <summary>True while the data are to be masked.</summary>
    public bool IsActive => _mask is not null;

    /// <summary>Bytes that are still to come of a message that comes in pieces.</summary>
    public long Remaining => _remaining;

    /// <summary>True in the midst of a message that comes in pieces.</summary>
    public bool IsInMessage => _remaining > 0;

    /// <summary>A COPY begins.</summary>
    /// <param name="plan">A mask per column.</param>
    /// <param name="copy">How its data read.</param>
    /// <param name="forcedQuotes">Per column: its values in csv are quoted in any case.</param>
    public void Begin(MaskPlan plan, CopyOut copy, bool[] forcedQuotes)
    {
        (Plan, _data) = (plan, copy);
        _mask = copy.Format switch
        {
            CopyFormat.Binary => new BinaryCopyMask(plan, limit),
            CopyFormat.Csv => new CsvCopyMask(plan, copy, forcedQuotes, limit),
            _ => new TextCopyMask(plan, copy, limit),
        };
    }

    /// <summary>The data are over.</summary>
    public void Complete()
    {
        if (_mask is { IsAtRowEnd: false })
            throw new ProtocolException(ProtocolFault.Server, "the data of a COPY end within a row");
        _mask = null;
    }

    /// <summary>An error ended the COPY; what was kept goes nowhere.</summary>
    public void Abandon() => _mask = null;

    /// <summary>Masks the CopyData messages from <paramref name="position"/> on.</summary>
    /// <param name="input">The received bytes.</param>
    /// <param name="position">Where a CopyData begins, or its next piece; moves on.</param>
    /// <param name="output">Takes them.</param>
    /// <returns>Bytes that have to be there, counted from <paramref name="position"/>, before it can go on; 0 when something else follows, or any byte will do.</returns>
    public int Take(Span<byte> input, ref int position, RelayOutput output)
    {
        _edits.BeginRun(output, position);
        var needed = 0;
        while (!output.IsFull)
        {
            if (_remaining > 0)
            {
                var count = (int)Math.Min(_remaining, input.Length - position);
                if (count == 0)
                    break;
                _edits.BeginPiece(position, count);
                Mask(input, position, count);
                position += count;
                _remaining -= count;
                continue;
            }
            if (!MessageHeader.TryRead(input[position..], MessageDirection.Backend, MessageLengths.Largest, out var header) || header.Type != BackendMessageType.CopyData)
                break;
            if (input.Length - position >= header.TotalLength)
            {
                _edits.BeginMessage(position, header.BodyLength);
                LookInto(input.Slice(position + MessageHeader.Size, header.BodyLength));
                Mask(input, position + MessageHeader.Size, header.BodyLength);
                position += header.TotalLength;
                continue;
            }
            if (header.TotalLength <= limit)
            {
                needed = header.TotalLength;
                break;
            }
            if (texts is { Masks: true })
                throw new ProtocolException(ProtocolFault.Server, $"a row of a COPY is longer than the {limit} bytes that limits.maxBufferedRowBytes allows, so detection cannot look into it");
            // The pieces have headers of their own.
            _edits.Drop(position, position + MessageHeader.Size);
            position += MessageHeader.Size;
            _remaining = header.BodyLength;
        }
        _edits.EndRun(position);
        return needed;
    }

    private void LookInto(Span<byte> message)
    {
        if (_data?.Format == CopyFormat.Binary)
            texts?.ApplyBinaryRow(message);
        else
            texts?.ApplyRow(message, _data);
    }

    private void Mask(Span<byte> input, int start, int length)
    {
        _mask!.Mask(input, start, start + length, _edits);
        _edits.EndMessage();
    }
}
