namespace WireGuardian.Server.Configuration;

/// <summary>Something in a configuration file that is wrong, or, as a warning, probably not meant.</summary>
/// <param name="File">The file as it was named on the command line.</param>
/// <param name="Line">From 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">From 1; 0 where the file as a whole is meant.</param>
/// <param name="Message">What was expected. Never a secret.</param>
public sealed record ConfigurationError(string File, int Line, int Column, string Message)
{
    /// <summary><c>config.yaml:12:5: unknown key "maskng"; did you mean "masking"?</c></summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
