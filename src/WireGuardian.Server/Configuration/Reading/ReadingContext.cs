using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>What every reader of one file shares: where it is, what it may look up, and what was found wrong so far.</summary>
internal sealed class ReadingContext(string file, Func<string, string?> environment, TimeProvider time)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    public Func<string, string?> Environment { get; } = environment;

    public TimeProvider Time { get; } = time;

    public IReadOnlyList<ConfigurationError> Errors => InOrder(_errors);

    public IReadOnlyList<ConfigurationError> Warnings => InOrder(_warnings);

    public void Error(YamlPosition at, string message) => _errors.Add(new ConfigurationError(file, at.Line, at.Column, message));

    public void Warn(YamlPosition at, string message) => _warnings.Add(new ConfigurationError(file, at.Line, at.Column, message));

    /// <summary>A path of the file as an absolute one: relative paths begin at the folder of the configuration file.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);

    private static List<ConfigurationError> InOrder(List<ConfigurationError> found) => [.. found.OrderBy(error => error.Line).ThenBy(error => error.Column).Distinct()];
}
