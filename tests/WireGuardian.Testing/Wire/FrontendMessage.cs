using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.Wire;

/// <summary>The bytes of a client's messages, as the manual's chapter "Message Formats" has them. An independent writing of them, to test ours with.</summary>
public static class FrontendMessage
{
    public const int Protocol30 = 196608;
    public const int Protocol32 = 196610;

    public static byte[] Startup(int protocol, params IEnumerable<(string Name, string Value)> parameters) =>
        Untyped([.. Int32(protocol), .. parameters.SelectMany(parameter => (byte[])[.. Text(parameter.Name), .. Text(parameter.Value)]), 0]);

    public static byte[] SslRequest { get; } = Untyped(Int32(80877103));

    public static byte[] GssEncRequest { get; } = Untyped(Int32(80877104));

    public static byte[] CancelRequest(int processId, ReadOnlySpan<byte> key) => Untyped([.. Int32(80877102), .. Int32(processId), .. key]);

    public static byte[] Query(string sql) => Typed('Q', Text(sql));

    public static byte[] Parse(string statement, string sql, params uint[] types) =>
        Typed('P', [.. Text(statement), .. Text(sql), .. Int16(types.Length), .. types.SelectMany(type => Int32(unchecked((int)type)))]);

    /// <param name="portal">Empty for the unnamed one.</param>
    /// <param name="statement">Empty for the unnamed one.</param>
    /// <param name="parameterFormats">None, one for all, or one each: 0 text, 1 binary.</param>
    /// <param name="parameters">null for NULL.</param>
    /// <param name="resultFormats">None, one for all, or one each.</param>
    public static byte[] Bind(
        string portal, string statement, IReadOnlyList<short> parameterFormats, IReadOnlyList<byte[]?> parameters, IReadOnlyList<short> resultFormats) =>
        Typed(
            'B',
            [
                .. Text(portal), .. Text(statement), .. Formats(parameterFormats), .. Int16(parameters.Count),
                .. parameters.SelectMany(value => value is null ? Int32(-1) : [.. Int32(value.Length), .. value]), .. Formats(resultFormats),
            ]);

    public static byte[] Bind(string portal, string statement, params string?[] parameters) =>
        Bind(portal, statement, [], [.. parameters.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))], []);

    /// <param name="kind">S for a prepared statement, P for a portal.</param>
    /// <param name="name">Empty for the unnamed one.</param>
    public static byte[] Describe(char kind, string name) => Typed('D', [(byte)kind, .. Text(name)]);

    public static byte[] Execute(string portal, int maximumRows = 0) => Typed('E', [.. Text(portal), .. Int32(maximumRows)]);

    public static byte[] Close(char kind, string name) => Typed('C', [(byte)kind, .. Text(name)]);

    public static byte[] Sync { get; } = Typed('S', []);

    public static byte[] Flush { get; } = Typed('H', []);

    public static byte[] Terminate { get; } = Typed('X', []);

    public static byte[] CopyData(ReadOnlySpan<byte> data) => Typed('d', data);

    public static byte[] CopyDone { get; } = Typed('c', []);

    public static byte[] CopyFail(string reason) => Typed('f', Text(reason));

    /// <summary>PasswordMessage; SASL's messages share its type byte, so their bodies go through <see cref="Typed"/>.</summary>
    public static byte[] Password(string password) => Typed('p', Text(password));

    public static byte[] SaslInitialResponse(string mechanism, string response) =>
        Typed('p', [.. Text(mechanism), .. Int32(Encoding.UTF8.GetByteCount(response)), .. Encoding.UTF8.GetBytes(response)]);

    public static byte[] SaslResponse(string response) => Typed('p', Encoding.UTF8.GetBytes(response));

    public static byte[] FunctionCall(uint function, IReadOnlyList<short> formats, IReadOnlyList<byte[]?> arguments, short resultFormat) =>
        Typed(
            'F',
            [
                .. Int32(unchecked((int)function)), .. Formats(formats), .. Int16(arguments.Count),
                .. arguments.SelectMany(value => value is null ? Int32(-1) : [.. Int32(value.Length), .. value]), .. Int16(resultFormat),
            ]);

    /// <summary>Any type byte with any body and a true length.</summary>
    public static byte[] Typed(char type, ReadOnlySpan<byte> body) => Framed(type, 4 + body.Length, body);

    /// <summary>A length of one's own choice: for tests that lie.</summary>
    public static byte[] Framed(char type, int length, ReadOnlySpan<byte> body) => [(byte)type, .. Int32(length), .. body];

    public static byte[] Untyped(ReadOnlySpan<byte> body) => [.. Int32(4 + body.Length), .. body];

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Formats(IReadOnlyList<short> formats) => [.. Int16(formats.Count), .. formats.SelectMany(format => Int16(format))];

    private static byte[] Int16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, checked((short)value));
        return bytes;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
