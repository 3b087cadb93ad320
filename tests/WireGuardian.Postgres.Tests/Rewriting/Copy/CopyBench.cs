using System.Buffers.Binary;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Postgres;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Rewriting.Copy;

/// <summary>Masks the data of a COPY: messages in, in any pieces; messages out.</summary>
internal sealed class CopyBench(MaskPlan plan, CopyOut copy, bool[] forced, int limit = 1 << 20)
{
    /// <summary>The OID of type text.</summary>
    public const uint Text = 25;

    private readonly MaskedCopy _copy = Begun(plan, copy, forced, limit);
    private readonly RelayOutput _output = new();
    private readonly MemoryStream _sent = new();
    private byte[] _unread = [];

    /// <summary>How many bytes were left waiting at most.</summary>
    public int MostUnread { get; private set; }

    /// <summary>The options as they stand behind STDOUT.</summary>
    public static CopyOut Options(string options) =>
        PostgresAnalyzer.Analyze(System.Text.Encoding.UTF8.GetBytes($"COPY t TO STDOUT {options}"), PostgresSqlSettings.Default)[0].CopyOut
        ?? throw new ArgumentException("options that are not understood", nameof(options));

    /// <summary>A plan for columns of type text; null leaves one as it is.</summary>
    public static MaskPlan Plan(bool binary, params MaskKind?[] masks) => new(
        [.. masks.Select(mask => mask is { } kind ? ValueMask.Create(kind, Masking.Type(Text), -1, binary, Masking.Key) : null)], [.. masks.Select(_ => "rule")]);

    /// <summary>The data, cut into messages at these places.</summary>
    public static byte[] Messages(params byte[][] pieces) => [.. pieces.SelectMany(piece => FrontendMessage.Typed('d', piece))];

    public CopyBench Feed(params IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            // A new array each time: whoever keeps a place in the old one is found out.
            _unread = [.. _unread, .. piece];
            int before;
            do
            {
                before = _unread.Length;
                var at = 0;
                _copy.Take(_unread, ref at, _output);
                var gathered = new byte[_output.Length];
                (int Piece, int Offset) position = default;
                _output.Gather(_unread, gathered, ref position);
                _sent.Write(gathered);
                _output.Clear();
                _unread = _unread[at..];
            }
            while (_unread.Length < before);
            MostUnread = Math.Max(MostUnread, _unread.Length);
        }
        return this;
    }

    /// <summary>The data of each message that came out.</summary>
    public IReadOnlyList<byte[]> Sent()
    {
        var messages = new List<byte[]>();
        var stream = _sent.ToArray();
        for (var at = 0; at < stream.Length;)
        {
            Assert.That(stream[at], Is.EqualTo((byte)'d'));
            var length = BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at + 1));
            messages.Add(stream[(at + 5)..(at + 1 + length)]);
            at += 1 + length;
        }
        return messages;
    }

    /// <summary>All of the data, which are over.</summary>
    public byte[] Complete()
    {
        Assert.That(_unread, Is.Empty);
        _copy.Complete();
        return [.. Sent().SelectMany(message => message)];
    }

    private static MaskedCopy Begun(MaskPlan plan, CopyOut copy, bool[] forced, int limit)
    {
        var masked = new MaskedCopy(limit);
        masked.Begin(plan, copy, forced);
        return masked;
    }
}
