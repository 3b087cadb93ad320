using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>A value of the file with the place that it stands at, so that what is found out later can still point there.</summary>
internal sealed record Located<T>(T Value, YamlPosition Position);
