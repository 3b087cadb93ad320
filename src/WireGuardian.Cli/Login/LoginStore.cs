using System.Text.Json;

namespace WireGuardian.Cli.Login;

/// <summary>
/// The logins of this user, a file per server, readable by nobody else: in <c>$XDG_CONFIG_HOME/wgctl</c> or <c>~/.config/wgctl</c>.
/// </summary>
internal sealed class LoginStore(Surroundings surroundings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LargestFile = 256 * 1024;

    /// <summary>The login for <paramref name="server"/>; null for none.</summary>
    /// <exception cref="UsageException">What is there cannot be used.</exception>
    public StoredLogin? Find(Uri server)
    {
        if (PathOf(server) is not { } path || !File.Exists(path))
            return null;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
                throw new UsageException($"Others can read '{path}', which holds your token: chmod 600 it, or sign in again with: wgctl login");
            if (new FileInfo(path).Length > LargestFile)
                throw new UsageException($"'{path}' is too large to be a login. Sign in again with: wgctl login");
            var login = JsonSerializer.Deserialize(File.ReadAllBytes(path), StoredLoginJson.Default.StoredLogin);
            return login?.Server == NameOf(server) ? login : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"Cannot read the login in '{path}': {e.Message}");
        }
    }

    /// <exception cref="UsageException">It cannot be kept.</exception>
    public string Save(Uri server, StoredLogin login)
    {
        var path = PathOf(server) ?? throw new UsageException("There is no place to keep the login: set HOME or XDG_CONFIG_HOME.");
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            else
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(unfinished, options))
                JsonSerializer.Serialize(file, login, StoredLoginJson.Default.StoredLogin);
            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot keep the login in '{path}': {e.Message}");
        }
    }

    /// <summary>False where there was none.</summary>
    /// <exception cref="UsageException">It cannot be deleted.</exception>
    public bool Delete(Uri server)
    {
        if (PathOf(server) is not { } path || !File.Exists(path))
            return false;
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot delete the login in '{path}': {e.Message}");
        }
    }

    /// <summary>A server as its login names it.</summary>
    public static string NameOf(Uri server) => server.GetLeftPart(UriPartial.Authority);

    private string? PathOf(Uri server)
    {
        var configuration = surroundings.Environment("XDG_CONFIG_HOME");
        if (string.IsNullOrEmpty(configuration) || !Path.IsPathRooted(configuration))
        {
            var home = surroundings.Environment("HOME") ?? surroundings.Environment("USERPROFILE");
            configuration = string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".config");
        }
        var file = string.Concat($"{server.Scheme}-{server.DnsSafeHost}-{server.Port}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return configuration is null ? null : Path.Combine(configuration, "wgctl", $"{file}.json");
    }
}
