using System.Security.Cryptography;

namespace WireGuardian.Server.Composition;

/// <summary>
/// The masking key of a server whose configuration names none: made once, at random, and kept in the data directory, so that equal values
/// stay equal over restarts.
/// </summary>
public static class MaskingKeyFile
{
    private const string FileName = "masking.key";
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates <paramref name="directory"/> as 0700 where it is missing.</summary>
    public static void CreateDataDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>The key kept in <paramref name="directory"/>; made there (0600) when there is none yet.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or is not a key.</exception>
    public static byte[] ReadOrCreate(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file))
            Create(directory, file);
        var key = File.ReadAllBytes(file);
        return key.Length == KeyBytes ? key : throw new IOException($"{file} holds {key.Length} bytes; expected a masking key of {KeyBytes}");
    }

    /// <summary>A key appears whole or not at all: it is written beside its place, made durable, and then moved there unless somebody was faster.</summary>
    private static void Create(string directory, string file)
    {
        var partial = Path.Combine(directory, $"{FileName}.{Environment.ProcessId}");
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(partial, options))
        {
            stream.Write(RandomNumberGenerator.GetBytes(KeyBytes));
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
