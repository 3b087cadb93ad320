using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WireGuardian.IntegrationTests.Architecture;

/// <summary>What an assembly of ours uses, as the compiler wrote it down.</summary>
/// <param name="Assemblies">Simple names of the assemblies that it refers to.</param>
/// <param name="Namespaces">Namespaces of the types in them that it uses.</param>
internal sealed record CompiledAssembly(IReadOnlySet<string> Assemblies, IReadOnlySet<string> Namespaces)
{
    /// <param name="name">Without <c>.dll</c>; the test project refers to all of them, so they stand beside it.</param>
    public static CompiledAssembly Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        using var executable = new PEReader(file);
        var metadata = executable.GetMetadataReader();
        return new CompiledAssembly(
            metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet(),
            metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Namespace)).ToHashSet());
    }
}
