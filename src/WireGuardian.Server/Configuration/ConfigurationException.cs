namespace WireGuardian.Server.Configuration;

/// <summary>A configuration file was refused as a whole. Holds everything that is wrong with it, in the order of the file.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
