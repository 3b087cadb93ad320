using System.Buffers.Binary;
using System.Text;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>
/// Collects frames and takes out what is never the same twice: key data, SCRAM's nonces and signatures, the sender's process id in a
/// notification, the place where a cancel struck, and the OIDs of what the exchange itself created.
/// </summary>
/// <param name="lastOid">Greater ones belong to what came later; they are numbered in the order of their appearance.</param>
public sealed class Transcript(uint lastOid)
{
    private readonly List<Received> _received = [];
    private readonly List<uint> _newOids = [];

    public IReadOnlyList<Received> Received => _received;

    public void Note(string text) => _received.Add(new Received(0, new WireFrame(Differential.Received.Remark, Encoding.UTF8.GetBytes(text))));

    public void NoteClosed() => Note(Differential.Received.Closed);

    public void NoteTimeout() => Note(Differential.Received.Timeout);

    public void Add(int connection, WireFrame frame)
    {
        switch (frame.Type)
        {
            case 'K':
                Array.Clear(frame.Body);
                break;
            case 'A':
                frame.Body.AsSpan(0, 4).Clear();
                break;
            case 'R' when BinaryPrimitives.ReadInt32BigEndian(frame.Body) is 11 or 12:
                frame.Body.AsSpan(4).Clear();
                break;
            case 'E' when frame.SqlState == "57014":
                // Where exactly a cancel met the statement is chance: without W, F, L and R.
                frame = new WireFrame('E', Encoding.UTF8.GetBytes($"{frame.Fields['S']} {frame.Message}"));
                break;
            case 'T':
                RenumberRowDescription(frame.Body);
                break;
            case 't':
                for (var at = 2; at < frame.Body.Length; at += 4)
                    Renumber(frame.Body.AsSpan(at));
                break;
        }

        _received.Add(new Received(connection, frame));
    }

    private void RenumberRowDescription(byte[] body)
    {
        for (var at = 2; at < body.Length; at += 19)
        {
            at = Array.IndexOf(body, (byte)0, at);
            Renumber(body.AsSpan(at + 1));
            Renumber(body.AsSpan(at + 7));
        }
    }

    private void Renumber(Span<byte> oid)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(oid);
        if (value <= lastOid)
            return;
        if (!_newOids.Contains(value))
            _newOids.Add(value);
        BinaryPrimitives.WriteUInt32BigEndian(oid, (uint)(0xFFFF0000 + _newOids.IndexOf(value)));
    }
}
