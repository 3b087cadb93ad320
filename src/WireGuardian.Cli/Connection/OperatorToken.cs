namespace WireGuardian.Cli.Connection;

/// <summary>Finds the operator's token.</summary>
internal static class OperatorToken
{
    private const int LongestFile = 64 * 1024;

    /// <summary>From the file, else from the environment; null where neither is given.</summary>
    /// <exception cref="UsageException">What is there cannot be one.</exception>
    public static string? Find(string? tokenFile, Surroundings surroundings)
    {
        var token = tokenFile is null ? surroundings.Environment("WGCTL_TOKEN") : Read(tokenFile);
        var source = tokenFile is null ? "WGCTL_TOKEN" : $"the token file '{tokenFile}'";
        if (token is null)
            return null;
        if (string.IsNullOrWhiteSpace(token))
            throw new UsageException($"No operator token: {source} is empty. Put the token there that the server's configuration has for you.");

        token = token.Trim();
        return token.All(char.IsAscii) && !token.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? token
            : throw new UsageException($"What {source} holds is no token: a token is one word of printable ASCII characters.");
    }

    private static string Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > LongestFile)
                throw new UsageException($"The token file '{path}' is too large to hold one token.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read the token file '{path}': {e.Message}");
        }
    }
}
