using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>One packet as it stood on the wire; a continued one is several.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Payload">Without the header.</param>
public sealed record MySqlPacket(byte Sequence, byte[] Payload)
{
    /// <summary>-1 for an empty one.</summary>
    public int First => Payload.Length == 0 ? -1 : Payload[0];

    public bool IsError => First == 0xFF;

    public bool IsOk => First == 0x00;

    /// <summary>Of an ERR packet.</summary>
    public int ErrorCode => IsError ? BinaryPrimitives.ReadUInt16LittleEndian(Payload.AsSpan(1)) : throw new InvalidOperationException($"no error: {this}");

    /// <summary>Of an ERR packet; empty where it has none.</summary>
    public string SqlState => IsError && Payload.Length > 8 && Payload[3] == '#' ? Encoding.ASCII.GetString(Payload, 4, 5) : "";

    /// <summary>Of an ERR packet.</summary>
    public string ErrorMessage => Encoding.UTF8.GetString(Payload.AsSpan(SqlState.Length == 0 ? 3 : 9));

    public override string ToString() => IsError
        ? $"{Sequence}: ERR {ErrorCode} ({SqlState}) {ErrorMessage}"
        : $"{Sequence}: {Convert.ToHexString(Payload.AsSpan(0, Math.Min(Payload.Length, 64)))}{(Payload.Length > 64 ? $"… {Payload.Length} bytes" : "")}";
}
