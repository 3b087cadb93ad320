using System.Text.RegularExpressions;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.Architecture;

/// <summary>The table of ARCHITECTURE.md, held against what was compiled.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Protocols = ["WireGuardian.MySql", "WireGuardian.Postgres"];

    /// <summary>Project to those that it may know. What those know it may know too.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["WireGuardian.Core"] = [],
        ["WireGuardian.Sql"] = ["WireGuardian.Core"],
        ["WireGuardian.Proxy"] = ["WireGuardian.Core"],
        ["WireGuardian.MySql"] = ["WireGuardian.Proxy", "WireGuardian.Sql"],
        ["WireGuardian.Postgres"] = ["WireGuardian.Proxy", "WireGuardian.Sql"],
        ["WireGuardian.Storage"] = ["WireGuardian.Core"],
        ["WireGuardian.ControlPlane"] = [],
        ["WireGuardian.Server"] = [.. Protocols, "WireGuardian.Storage", "WireGuardian.ControlPlane"],
        ["WireGuardian.Cli"] = ["WireGuardian.ControlPlane", "WireGuardian.Storage"],
    };

    private static IEnumerable<string> Projects => Known.Keys;

    [Test]
    public void Every_project_has_its_arrows()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);
        Assert.That(folders, Is.EquivalentTo(Projects));
    }

    [TestCaseSource(nameof(Projects))]
    public void References_between_projects_go_one_way(string project)
    {
        var references = CompiledAssembly.Read(AssemblyOf(project)).Assemblies.Intersect(Projects.Select(AssemblyOf));
        Assert.That(references, Is.SubsetOf(Reachable(project).Select(AssemblyOf)));
    }

    [TestCaseSource(nameof(Projects))]
    public void A_project_file_names_no_other_projects(string project)
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var references = ProjectReference().Matches(file).Select(match => match.Groups[1].Value);
        Assert.That(references, Is.SubsetOf(Reachable(project)));
    }

    [TestCase("WireGuardian.Core", Description = "the domain is nothing but data and decisions")]
    [TestCase("WireGuardian.Sql", Description = "text in, facts out")]
    public void The_domain_and_the_analyser_know_no_network_and_no_data_base(string project)
    {
        var compiled = CompiledAssembly.Read(AssemblyOf(project));
        Assert.That(compiled.Namespaces.Where(name => name.StartsWith("System.Net", StringComparison.Ordinal)), Is.Empty);
        Assert.That(compiled.Namespaces.Where(name => name.StartsWith("System.Data", StringComparison.Ordinal)), Is.Empty);
        Assert.That(
            compiled.Assemblies.Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("WireGuardian.", StringComparison.Ordinal)),
            Is.Empty,
            "the base library is all they need");
    }

    /// <summary>What its design rests on: the core is fed, it never reads, waits or sends.</summary>
    [Test]
    public void The_relay_core_does_no_input_or_output()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/WireGuardian.Postgres/Relay"), "*.cs", SearchOption.AllDirectories);
        Assert.That(sources.Where(source => InputOrOutput().IsMatch(File.ReadAllText(source))), Is.Empty);
    }

    private static string AssemblyOf(string project) => project switch
    {
        "WireGuardian.Server" => "wireguardian",
        "WireGuardian.Cli" => "wgctl",
        _ => project,
    };

    private static HashSet<string> Reachable(string project) => [.. Known[project].SelectMany(known => Reachable(known).Append(known))];

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\bSystem\.Net\b|\bSystem\.IO\b|\b(Socket|Stream|Timer|TimeProvider)\b|\basync\b|\bawait\b")]
    private static partial Regex InputOrOutput();
}
