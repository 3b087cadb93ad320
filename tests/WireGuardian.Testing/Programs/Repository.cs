namespace WireGuardian.Testing.Programs;

/// <summary>Where this clone is, found from the test assembly's own place.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Downloads and build products of the tests; ignored by git.</summary>
    public static string WorkFolder { get; } = Directory.CreateDirectory(Path.Combine(Root, ".work")).FullName;

    public static string ProtocolFixtures { get; } = Path.Combine(Root, "protocol-fixtures");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WireGuardian.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"no WireGuardian.sln above {AppContext.BaseDirectory}");
    }
}
