using System.Text.RegularExpressions;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.Architecture;

/// <summary>What the compiler and its analyzers do not look after.</summary>
public sealed partial class StyleTests
{
    private const int MostLines = 400;

    /// <summary>Put together here, so that this file is not found.</summary>
    private static readonly string[] Forbidden = ["TO" + "DO", "FIX" + "ME", "Thread" + ".Sleep"];

    [Test]
    public void A_namespace_is_file_scoped_and_named_after_its_folder()
    {
        var wrong = Sources("src", "tests", "bench")
            .Where(source => Namespace().Match(Read(source)) is { Success: true } declared && declared.Groups[1].Value != Expected(source) + ";");
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void No_file_of_the_product_is_long()
    {
        var tooLong = Sources("src").Where(source => Read(source).Count(character => character == '\n') > MostLines);
        Assert.That(tooLong, Is.Empty, $"more than {MostLines} lines: is it one thing?");
    }

    [Test]
    public void Nothing_is_left_for_later_and_nobody_sleeps()
    {
        var found = Sources("src", "tests", "bench").SelectMany(source => Forbidden.Where(word => Regex.IsMatch(Read(source), $@"\b{Regex.Escape(word)}\b")).Select(word => $"{source}: {word}"));
        Assert.That(found, Is.Empty);
    }

    /// <summary>What goes around a leg's own method goes around the watch for canaries.</summary>
    [Test]
    public void Only_a_leg_writes_to_its_connection()
    {
        var found = Sources("src/WireGuardian.Proxy", "src/WireGuardian.Postgres", "src/WireGuardian.MySql")
            .Where(source => Path.GetFileName(source) != "Leg.cs" && Read(source).Contains("Stream" + ".Write", StringComparison.Ordinal));
        Assert.That(found, Is.Empty);
    }

    /// <summary>The words say nothing of what a class is for.</summary>
    [Test]
    public void No_type_is_a_manager_a_helper_or_utilities()
    {
        var found = Sources("src", "tests", "bench").Where(source => Vague().IsMatch(Path.GetFileNameWithoutExtension(source)));
        Assert.That(found, Is.Empty);
    }

    /// <summary>tests/WireGuardian.Sql.Tests/Lexing/LexerTests.cs gives WireGuardian.Sql.Tests.Lexing.</summary>
    private static string Expected(string source) => string.Join('.', Path.GetDirectoryName(source)!.Split(Path.DirectorySeparatorChar)[1..]);

    private static string Read(string source) => File.ReadAllText(Path.Combine(Repository.Root, source));

    /// <summary>Paths from the repository's root.</summary>
    private static IEnumerable<string> Sources(params string[] folders) =>
        from folder in folders
        from source in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Repository.Root, source)
        where !BuildProduct().IsMatch(relative)
        select relative;

    [GeneratedRegex(@"^namespace\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("(Manager|Helpers?|Util(s|ities)?)$")]
    private static partial Regex Vague();

    [GeneratedRegex(@"/(bin|obj)/")]
    private static partial Regex BuildProduct();
}
