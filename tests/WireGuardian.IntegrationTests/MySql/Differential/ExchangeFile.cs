using System.Globalization;
using WireGuardian.IntegrationTests.Differential;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>Reads the scripts under protocol-fixtures/mysql/exchanges; the format is described in the README.md beside them.</summary>
public static class ExchangeFile
{
    private static readonly (string Tag, MySqlFlavour Flavour)[] Tags = [(" [mariadb]", MySqlFlavour.MariaDb), (" [mysql]", MySqlFlavour.MySql)];

    public static string Folder { get; } = Path.Combine(Repository.ProtocolFixtures, "mysql", "exchanges");

    public static IReadOnlyList<Exchange> ReadAll() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(path => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path)))];

    private static IEnumerable<Exchange> Read(string file, string[] lines)
    {
        string? title = null;
        List<Step> steps = [];
        for (var number = 0; number < lines.Length; number++)
        {
            var line = lines[number].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (title is not null)
                    yield return Create(file, title, steps);
                (title, steps) = (line[3..], []);
                continue;
            }
            steps.Add(ReadStep(line, $"{file}.txt:{number + 1}"));
        }

        if (title is not null)
            yield return Create(file, title, steps);
    }

    private static Exchange Create(string file, string title, IReadOnlyList<Step> steps)
    {
        foreach (var (tag, flavour) in Tags)
        {
            if (title.EndsWith(tag, StringComparison.Ordinal))
                return new($"{file}: {title[..^tag.Length]}", flavour, steps);
        }
        return new($"{file}: {title}", null, steps);
    }

    private static Step ReadStep(string line, string place)
    {
        var arrow = line.IndexOfAny(['>', '<']);
        try
        {
            var connection = arrow > 0 ? int.Parse(line[..arrow], CultureInfo.InvariantCulture) : 1;
            if (line[arrow] == '<')
                return ReadReceive(connection, Token.Split(line[(arrow + 1)..]));
            var awaits = line[arrow + 1] != '>';
            var tokens = Token.Split(line[(awaits ? arrow + 1 : arrow + 2)..]);
            return new SendStep(connection, tokens[0].Text, [.. tokens.Skip(1)], awaits);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException($"{place}: {line}: {exception.Message}", exception);
        }
    }

    private static Step ReadReceive(int connection, IReadOnlyList<Token> tokens) =>
        tokens[^1].Text == "close"
            ? new ReceiveToEndStep(connection)
            : new ReceiveStep(connection, Enum.Parse<AnswerShape>(tokens[^1].Text, ignoreCase: true), tokens.Count == 1 ? 1 : tokens[0].Number);
}
