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
        var key = SecretFile.ReadOrCreate(directory, FileName, static () => RandomNumberGenerator.GetBytes(KeyBytes));
        return key.Length == KeyBytes
            ? key
            : throw new IOException($"{Path.Combine(directory, FileName)} holds {key.Length} bytes; expected a masking key of {KeyBytes}");
    }
}
