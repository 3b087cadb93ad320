namespace WireGuardian.Server.Composition;

/// <summary>A secret that is made once and kept in the data directory, for its owner's eyes alone.</summary>
internal static class SecretFile
{
    /// <summary>The content of the file; made (0600) when there is none yet.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static byte[] ReadOrCreate(string directory, string name, Func<byte[]> make)
    {
        var file = Path.Combine(directory, name);
        if (!File.Exists(file))
            Create(directory, name, make());
        return File.ReadAllBytes(file);
    }

    /// <summary>A secret appears whole or not at all: it is written beside its place, made durable, and then moved there unless somebody was faster.</summary>
    private static void Create(string directory, string name, byte[] content)
    {
        var file = Path.Combine(directory, name);
        var partial = Path.Combine(directory, $"{name}.{Environment.ProcessId}");
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(partial, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(partial, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(partial);
        }
    }
}
