using System.Buffers.Binary;
using System.Globalization;
using WireGuardian.IntegrationTests.Differential;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>The payloads of commands as scripts write them, and what answers them.</summary>
public static class ClientMessage
{
    private const byte ParameterCountAvailable = 8;

    /// <param name="name">The command, without COM_ and STMT_.</param>
    /// <param name="arguments">In the order of the manual.</param>
    /// <param name="capabilities">What client and server have agreed on.</param>
    /// <param name="statements">The ids of what the connection has prepared, which scripts number from 1.</param>
    public static (byte[] Payload, AnswerShape Answer) Encode(string name, IReadOnlyList<Token> arguments, uint capabilities, IReadOnlyList<uint> statements) => name switch
    {
        "Query" => (Query(arguments, capabilities), AnswerShape.Results),
        "Prepare" => ([0x16, .. Bytes(arguments)], AnswerShape.Prepared),
        "Execute" => (Execute(arguments, capabilities, statements), AnswerShape.Results),
        "LongData" => ([0x18, .. StatementId(arguments[0], statements), .. UInt16(arguments[1]), .. Bytes(arguments.Skip(2))], AnswerShape.Nothing),
        "Fetch" => ([0x1C, .. StatementId(arguments[0], statements), .. UInt32(arguments[1])], AnswerShape.Rows),
        "Close" => ([0x19, .. StatementId(arguments[0], statements)], AnswerShape.Nothing),
        "Reset" => ([0x1A, .. StatementId(arguments[0], statements)], AnswerShape.Packet),
        "InitDb" => ([0x02, .. Bytes(arguments)], AnswerShape.Packet),
        "FieldList" => ([0x04, .. arguments[0].Value!, 0, .. Bytes(arguments.Skip(1))], AnswerShape.Rows),
        "Statistics" => ([0x09], AnswerShape.Packet),
        "ProcessInfo" => ([0x0A], AnswerShape.Results),
        "ProcessKill" => ([0x0C, .. UInt32(arguments[0])], AnswerShape.Packet),
        "Debug" => ([0x0D], AnswerShape.Packet),
        "Ping" => ([0x0E], AnswerShape.Packet),
        "SetOption" => ([0x1B, .. UInt16(arguments[0])], AnswerShape.Packet),
        "ResetConnection" => ([0x1F], AnswerShape.Packet),
        "Quit" => ([0x01], AnswerShape.Nothing),
        "Payload" => (Bytes(arguments), AnswerShape.Packet),
        _ => throw new FormatException($"there is no message {name}"),
    };

    public static byte[] Bytes(IEnumerable<Token> tokens) => [.. tokens.SelectMany(token => token.Value ?? [])];

    /// <summary>What the connection's n-th prepared statement is called; a number that is none of them is sent as it is.</summary>
    public static byte[] StatementId(Token number, IReadOnlyList<uint> statements)
    {
        var named = uint.Parse(number.Text, CultureInfo.InvariantCulture);
        return UInt32(named - 1 < statements.Count ? statements[(int)named - 1] : named);
    }

    private static byte[] Query(IReadOnlyList<Token> arguments, uint capabilities)
    {
        var attributes = arguments.Where(IsAttribute).Select(ParameterValue.Parse).ToList();
        var text = Bytes(arguments.Where(argument => !IsAttribute(argument)));
        if ((capabilities & MySqlCapabilities.QueryAttributes) == 0)
            return [3, .. text];
        return [3, (byte)attributes.Count, 1, .. attributes.Count == 0 ? [] : ParameterValue.Block(attributes, withTypes: true, withNames: true), .. text];
    }

    /// <summary>Execute ID flags=N types=0 type:value…</summary>
    private static byte[] Execute(IReadOnlyList<Token> arguments, uint capabilities, IReadOnlyList<uint> statements)
    {
        byte flags = 0;
        var withTypes = true;
        var values = new List<ParameterValue>();
        foreach (var argument in arguments.Skip(1))
        {
            if (argument.Text.StartsWith("flags=", StringComparison.Ordinal))
                flags = byte.Parse(argument.Pair.Value, CultureInfo.InvariantCulture);
            else if (argument.Text == "types=0")
                withTypes = false;
            else
                values.Add(ParameterValue.Parse(argument));
        }
        var withNames = (capabilities & MySqlCapabilities.QueryAttributes) != 0;
        var counts = withNames && (values.Count > 0 || (flags & ParameterCountAvailable) != 0);
        return
        [
            0x17, .. StatementId(arguments[0], statements), flags, 1, 0, 0, 0,
            .. counts ? (byte[])[(byte)values.Count] : [],
            .. values.Count == 0 ? [] : ParameterValue.Block(values, withTypes, withNames),
        ];
    }

    private static bool IsAttribute(Token token) => token.IsPair && token.Text.Contains(':', StringComparison.Ordinal);

    private static byte[] UInt32(Token token) => UInt32(uint.Parse(token.Text, CultureInfo.InvariantCulture));

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] UInt16(Token token) => UInt32(token)[..2];
}
