using System.Buffers.Binary;
using System.Text;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>The bytes of a server's messages, written apart from the code that reads them.</summary>
internal static class BackendMessage
{
    public const uint Text = 25;

    public static byte[] ParseComplete { get; } = FrontendMessage.Typed('1', []);

    public static byte[] BindComplete { get; } = FrontendMessage.Typed('2', []);

    public static byte[] CloseComplete { get; } = FrontendMessage.Typed('3', []);

    public static byte[] NoData { get; } = FrontendMessage.Typed('n', []);

    public static byte[] PortalSuspended { get; } = FrontendMessage.Typed('s', []);

    public static byte[] EmptyQuery { get; } = FrontendMessage.Typed('I', []);

    public static byte[] CopyIn { get; } = FrontendMessage.Typed('G', [0, 0, 0]);

    /// <summary>No parameters.</summary>
    public static byte[] ParameterDescription { get; } = FrontendMessage.Typed('t', [0, 0]);

    public static byte[] CopyOut(int columns, bool binary = false)
    {
        var format = (byte)(binary ? 1 : 0);
        return FrontendMessage.Typed('H', [format, .. Int16(columns), .. Enumerable.Repeat((byte[])[0, format], columns).SelectMany(one => one)]);
    }

    public static byte[] Complete(string tag) => FrontendMessage.Typed('C', [.. Encoding.ASCII.GetBytes(tag), 0]);

    public static byte[] Ready(char status = 'I') => FrontendMessage.Typed('Z', [(byte)status]);

    public static byte[] Error(string sqlState, string message) =>
        FrontendMessage.Typed('E', Encoding.ASCII.GetBytes($"SERROR\0VERROR\0C{sqlState}\0M{message}\0\0"));

    public static byte[] Notice(string message) => FrontendMessage.Typed('N', Encoding.ASCII.GetBytes($"SNOTICE\0VNOTICE\0C00000\0M{message}\0\0"));

    public static byte[] Parameter(string name, string value) => FrontendMessage.Typed('S', Encoding.ASCII.GetBytes($"{name}\0{value}\0"));

    public static byte[] Row(params string?[] values) => FrontendMessage.Typed(
        'D', [.. Int16(values.Length), .. values.SelectMany(value => value is null ? Int32(-1) : [.. Int32(value.Length), .. Encoding.ASCII.GetBytes(value)])]);

    /// <summary>Columns of type text, in text format, by the table and attribute that they come from (0 and 0 for none).</summary>
    public static byte[] Columns(params (int Table, int Attribute)[] origins) => FrontendMessage.Typed(
        'T',
        [
            .. Int16(origins.Length),
            .. origins.SelectMany(origin => (byte[])[(byte)'c', 0, .. Int32(origin.Table), .. Int16(origin.Attribute), .. Int32((int)Text), .. Int16(-1), .. Int32(-1), .. Int16(0)]),
        ]);

    private static byte[] Int16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return bytes;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
