using System.Security;
using System.Text;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>Reads secrets, which stand in the file (<c>password:</c>) or in a file of their own (<c>passwordFile:</c>).</summary>
internal static class SecretReader
{
    private const int MaxBytes = 64 << 10;

    /// <summary>The bytes of the secret <paramref name="key"/>; null when there is none or it cannot be read. A file's last line end is not part of it.</summary>
    public static Located<byte[]>? Read(Section section, string key)
    {
        var inline = section.Optional(key, ScalarForms.Secret);
        var fileKey = key + "File";
        var path = section.Optional(fileKey, ScalarForms.Path);
        if (section.Has(key) && section.Has(fileKey))
            section.Context.Error(section.PositionOf(fileKey), $"\"{key}\" and \"{fileKey}\" exclude each other; keep one");
        if (path is null)
            return inline is null ? null : new Located<byte[]>(Encoding.UTF8.GetBytes(inline.Value), inline.Position);

        var file = section.Context.Resolve(path.Value);
        if (ReadFile(section.Context, path, file, MaxBytes) is not { } content)
            return null;
        WarnIfReadableByAll(section.Context, path, file);
        var secret = WithoutLastLineEnd(content);
        if (secret.Length == 0)
            section.Context.Error(path.Position, $"{file} is empty; expected a secret");
        return secret.Length == 0 ? null : new Located<byte[]>(secret, path.Position);
    }

    /// <summary>The secret as text.</summary>
    public static Located<string>? ReadText(Section section, string key)
    {
        if (Read(section, key) is not { } secret)
            return null;
        try
        {
            return new Located<string>(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(secret.Value), secret.Position);
        }
        catch (DecoderFallbackException)
        {
            section.Context.Error(secret.Position, "expected a file of UTF-8 text");
            return null;
        }
    }

    /// <summary>The whole of a file that the configuration names; null, with an error, when it cannot be read or is too long.</summary>
    public static byte[]? ReadFile(ReadingContext context, Located<string> path, string file, int maxBytes)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var content = new byte[maxBytes + 1];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length <= maxBytes)
                return content[..length];
            context.Error(path.Position, $"{file} is longer than {Show.Size(maxBytes)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException)
        {
            context.Error(path.Position, exception is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file {file}"
                : Directory.Exists(file) ? $"{file} is a folder; expected a file" : $"{file} cannot be read by this user");
        }
        return null;
    }

    public static void WarnIfReadableByAll(ReadingContext context, Located<string> path, string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0)
            context.Warn(path.Position, $"every user of this machine can read {file}; chmod 600 it");
    }

    private static byte[] WithoutLastLineEnd(byte[] content) =>
        content.AsSpan().EndsWith("\r\n"u8) ? content[..^2] : content.AsSpan().EndsWith("\n"u8) ? content[..^1] : content;
}
