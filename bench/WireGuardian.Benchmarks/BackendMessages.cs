using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Benchmarks;

/// <summary>What a server says, put together for the benchmarks.</summary>
internal static class BackendMessages
{
    public static byte[] ReadyForQuery { get; } = Message('Z', [(byte)'I']);

    public static byte[] BindComplete { get; } = Message('2', []);

    public static byte[] ParseComplete { get; } = Message('1', []);

    public static byte[] CommandComplete(string tag) => Message('C', [.. Encoding.ASCII.GetBytes(tag), 0]);

    public static byte[] DataRow(params string[] values) =>
        Message('D', [.. Int16(values.Length), .. values.SelectMany(value => (byte[])[.. Int32(value.Length), .. Encoding.ASCII.GetBytes(value)])]);

    /// <summary>One column of type int4 in text format, of the second column of a table.</summary>
    public static byte[] RowDescription(string column, int table) => Message(
        'T',
        [.. Int16(1), .. Encoding.ASCII.GetBytes(column), 0, .. Int32(table), .. Int16(2), .. Int32(23), .. Int16(4), .. Int32(-1), .. Int16(0)]);

    private static byte[] Message(char type, byte[] body) => [(byte)type, .. Int32(sizeof(int) + body.Length), .. body];

    private static byte[] Int16(int value)
    {
        var bytes = new byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return bytes;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
