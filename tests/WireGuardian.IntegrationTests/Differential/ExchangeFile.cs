using System.Globalization;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>Reads the scripts under protocol-fixtures/postgres/exchanges; the format is described in the README.md beside them.</summary>
public static class ExchangeFile
{
    public static string Folder { get; } = Path.Combine(Repository.ProtocolFixtures, "postgres", "exchanges");

    public static IReadOnlyList<Exchange> ReadAll() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(path => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path)))];

    public static IEnumerable<Exchange> Read(string file, IReadOnlyList<string> lines)
    {
        string? title = null;
        List<Step> steps = [];
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (title is not null)
                    yield return new Exchange($"{file}: {title}", steps);
                title = line[3..];
                steps = [];
                continue;
            }

            steps.Add(ReadStep(line, $"{file}.txt:{number + 1}"));
        }

        if (title is not null)
            yield return new Exchange($"{file}: {title}", steps);
    }

    private static Step ReadStep(string line, string place)
    {
        var arrow = line.IndexOfAny(['>', '<']);
        var connection = arrow > 0 ? int.Parse(line[..arrow], CultureInfo.InvariantCulture) : 1;
        var tokens = Token.Split(line[(arrow + 1)..]);
        try
        {
            return line[arrow] == '>' ? ReadSend(connection, tokens) : ReadReceive(connection, tokens);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new FormatException($"{place}: {line}: {exception.Message}", exception);
        }
    }

    private static Step ReadReceive(int connection, IReadOnlyList<Token> tokens) =>
        tokens[^1].Text == "close"
            ? new ReceiveToEndStep(connection)
            : new ReceiveStep(connection, tokens[^1].Text.Single(), tokens.Count == 1 ? 1 : tokens[0].Number);

    private static Step ReadSend(int connection, IReadOnlyList<Token> tokens)
    {
        var name = tokens[0].Text;
        return name switch
        {
            "Start" => new StartStep(connection, Protocol(tokens[1].Text), [.. tokens.Skip(2).Select(token => token.Pair)]),
            "SslRequest" => new SslRequestStep(connection),
            "Cancel" => new CancelStep(connection),
            _ => new SendStep(connection, Message(name, [.. tokens.Skip(1)])),
        };
    }

    private static int Protocol(string version)
    {
        var numbers = version.Split('.');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture) << 16) | int.Parse(numbers[1], CultureInfo.InvariantCulture);
    }

    private static byte[] Message(string name, IReadOnlyList<Token> arguments) => name switch
    {
        "Query" => FrontendMessage.Query(arguments[0].Text),
        "Parse" => FrontendMessage.Parse(arguments[0].Text, arguments[1].Text, [.. arguments.Skip(2).Select(token => (uint)token.Number)]),
        "Bind" => FrontendMessage.Bind(
            arguments[0].Text,
            arguments[1].Text,
            Formats(arguments, "in"),
            [.. arguments.Skip(2).Where(token => !token.IsPair).Select(token => token.Value)],
            Formats(arguments, "out")),
        "Describe" => FrontendMessage.Describe(arguments[0].Text.Single(), arguments[1].Text),
        "Execute" => FrontendMessage.Execute(arguments[0].Text, arguments.Count > 1 ? arguments[1].Number : 0),
        "Close" => FrontendMessage.Close(arguments[0].Text.Single(), arguments[1].Text),
        "Sync" => FrontendMessage.Sync,
        "Flush" => FrontendMessage.Flush,
        "CopyData" => FrontendMessage.CopyData(arguments[0].Value),
        "CopyDone" => FrontendMessage.CopyDone,
        "CopyFail" => FrontendMessage.CopyFail(arguments[0].Text),
        "FunctionCall" => FrontendMessage.FunctionCall(
            (uint)arguments[0].Number,
            Formats(arguments, "in"),
            [.. arguments.Skip(1).Where(token => !token.IsPair).Select(token => token.Value)],
            Formats(arguments, "out") is [var format] ? format : (short)0),
        "Terminate" => FrontendMessage.Terminate,
        "Raw" => [.. arguments.SelectMany(token => token.Value ?? [])],
        _ => throw new FormatException($"there is no message {name}"),
    };

    private static short[] Formats(IReadOnlyList<Token> arguments, string name) =>
        [.. arguments.Where(token => token.IsPair && token.Pair.Name == name)
            .SelectMany(token => token.Pair.Value.Split(','))
            .Select(format => short.Parse(format, CultureInfo.InvariantCulture))];
}
