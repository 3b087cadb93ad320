using System.Text;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Startup;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Messages;

/// <summary>One parser with a body it takes. <paramref name="Parse"/> gives what was read, as text; null where the parser refuses.</summary>
public sealed record ParserCase(string Name, byte[] Body, string Expected, Func<byte[], string?> Parse, bool TakesMore = false, bool TakesLess = false)
{
    public override string ToString() => Name;
}

/// <summary>Every parser of messages, with a body that uses all of its fields.</summary>
public static class ParserCases
{
    public static IEnumerable<ParserCase> All =>
    [
        new("Query", Body(FrontendMessage.Query("select 1")), "select 1",
            body => Query.TryParse(body, out var message) ? Text(message.Sql) : null),
        new("Parse", Body(FrontendMessage.Parse("s", "select $1", 23, 25)), "s|select $1|2",
            body => Parse.TryParse(body, out var message) ? $"{Text(message.Name)}|{Text(message.Sql)}|{message.ParameterTypeCount}" : null),
        new("Bind", "p\0s\0"u8.ToArray(), "p|s",
            body => Bind.TryParse(body, out var message) ? $"{Text(message.Portal)}|{Text(message.Statement)}" : null, TakesMore: true),
        new("Describe", Body(FrontendMessage.Describe('S', "s")), "False|s",
            body => Describe.TryParse(body, out var message) ? $"{message.IsPortal}|{Text(message.Name)}" : null),
        new("Close", Body(FrontendMessage.Close('P', "p")), "True|p",
            body => Describe.TryParse(body, out var message) ? $"{message.IsPortal}|{Text(message.Name)}" : null),
        new("Execute", Body(FrontendMessage.Execute("p", 7)), "p|7",
            body => Execute.TryParse(body, out var message) ? $"{Text(message.Portal)}|{message.MaximumRows}" : null),
        new("RowDescription",
            [0, 2, .. "id\0"u8, 0, 0, 0x40, 1, 0, 1, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 1, .. "?\0"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 0, 0, 0, 9, 0, 0],
            "2: id 16385.1 23 4 -1 1; ? 0.0 25 -1 9 0; ", Fields),
        new("ParameterStatus", "TimeZone\0UTC\0"u8.ToArray(), "TimeZone=UTC",
            body => ParameterStatus.TryParse(body, out var message) ? $"{Text(message.Name)}={Text(message.Value)}" : null),
        new("BackendKeyData", [0, 0, 1, 0, 9, 8, 7, 6], "256 09080706",
            body => BackendKeyData.TryParse(body, out var message) ? $"{message.ProcessId} {Convert.ToHexString(message.SecretKey)}" : null,
            TakesMore: true),
        new("ReadyForQuery", "T"u8.ToArray(), "T",
            body => ReadyForQuery.TryParse(body, out var message) ? $"{(char)message.TransactionStatus}" : null),
        new("CommandComplete", "INSERT 0 3\0"u8.ToArray(), "INSERT 0 3",
            body => CommandComplete.TryParse(body, out var message) ? Text(message.Tag) : null),
        new("ErrorResponse", "SERROR\0C42P01\0Mno\0\0"u8.ToArray(), "S=ERROR C=42P01 M=no ", Errors),
        new("NegotiateProtocolVersion", [0, 3, 0, 2, 0, 0, 0, 2, .. "_pq_.a\0_pq_.b\0"u8], "2 _pq_.a _pq_.b",
            body => NegotiateProtocolVersion.TryParse(body, out var message) ? $"{message.MinorVersion} {string.Join(' ', message.UnrecognizedOptions)}" : null),
        new("Authentication", [0, 0, 0, 5, 1, 2, 3, 4], "5 01020304",
            body => AuthenticationRequest.TryParse(body, out var message) ? $"{message.Code} {Convert.ToHexString(message.Data)}" : null,
            TakesMore: true, TakesLess: true),
        new("AuthenticationSASL", "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"u8.ToArray(), "SCRAM-SHA-256-PLUS,SCRAM-SHA-256",
            body => AuthenticationSasl.TryParse(body, out var message) ? string.Join(',', message.Mechanisms) : null),
        new("SASLInitialResponse", Body(FrontendMessage.SaslInitialResponse("SCRAM-SHA-256", "n,,")), "SCRAM-SHA-256|n,,",
            body => SaslInitialResponse.TryParse(body, out var message) ? $"{Text(message.Mechanism)}|{Text(message.Response)}" : null),
        new("CancelRequest", [0, 0, 1, 0, 9, 8, 7, 6], "256 09080706",
            body => CancelRequest.TryParse(body, out var message) ? $"{message.ProcessId} {Convert.ToHexString(message.SecretKey)}" : null, TakesMore: true),
        new("StartupMessage", "user\0u\0database\0d\0\0"u8.ToArray(), "user=u database=d",
            body => StartupMessage.TryParse(new StartupPacket([0, 0, 0, 0, 0, 3, 0, 0, .. body]), out var message)
                ? string.Join(' ', message.Parameters.Select(parameter => $"{parameter.Name}={parameter.Value}"))
                : null),
    ];

    private static byte[] Body(byte[] message) => message[5..];

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static string? Fields(byte[] body)
    {
        if (!RowDescription.TryParse(body, out var message))
            return null;
        var text = new StringBuilder($"{message.Count}: ");
        foreach (var field in message)
        {
            text.Append($"{Text(field.Name)} {field.TableOid}.{field.AttributeNumber} {field.TypeOid} {field.TypeSize} ")
                .Append($"{field.TypeModifier} {field.Format}; ");
        }
        return text.ToString();
    }

    private static string? Errors(byte[] body)
    {
        if (!ErrorResponse.TryParse(body, out var message))
            return null;
        var text = new StringBuilder();
        foreach (var field in message)
            text.Append($"{(char)field.Code}={Text(field.Value)} ");
        return text.ToString();
    }
}
