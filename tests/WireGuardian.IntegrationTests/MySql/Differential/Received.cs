using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>A packet as a client got it, or a remark about the connection.</summary>
public sealed record Received(int Connection, MySqlPacket? Packet, string Remark = "")
{
    public const string Closed = "the connection was closed";
    public const string Timeout = "nothing came in time";

    public bool SameAs(Received other) =>
        Connection == other.Connection && Remark == other.Remark && Packet?.Sequence == other.Packet?.Sequence
        && (Packet?.Payload ?? []).AsSpan().SequenceEqual(other.Packet?.Payload ?? []);

    public override string ToString() => Packet is null ? $"- {Remark}" : $"{Connection}< {Packet}";
}
