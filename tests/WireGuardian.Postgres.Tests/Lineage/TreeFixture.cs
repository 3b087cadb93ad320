using WireGuardian.Testing.Programs;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>
/// A query tree as a server wrote it: a file of the statement, its lineage, the names of the columns in it (<c>relation attribute name</c>), an empty line, the tree.
/// </summary>
internal sealed record TreeFixture(string Statement, string Lineage, LineageNames Names, string Tree)
{
    public static string Folder => Path.Combine(Repository.ProtocolFixtures, "postgres", "trees");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.tree", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public static TreeFixture Read(string file)
    {
        var text = File.ReadAllText(file);
        var head = text[..text.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n');
        return new TreeFixture(head[0], head[1], LineageNames.Parse(head[2..]), text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
    }

    public void Write(string file)
    {
        var used = Names.Lines.Where(line => Tree.Contains($" {line.Split(' ')[0]} ", StringComparison.Ordinal) || Tree.Contains($" {line.Split(' ')[0]}\n", StringComparison.Ordinal));
        File.WriteAllText(file, $"{Statement}\n{Lineage}\n{string.Join('\n', used)}\n\n{Tree}\n");
    }
}
