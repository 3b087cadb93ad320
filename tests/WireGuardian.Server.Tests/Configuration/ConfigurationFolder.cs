using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Configuration;

/// <summary>A folder of its own with a configuration and the files that it names.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public string Root { get; } = Directory.CreateTempSubdirectory("wireguardian-configuration-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public string ConfigurationPath => Path.Combine(Root, "config.yaml");

    public ConfigurationFolder With(string file, string content)
    {
        var path = Path.Combine(Root, file);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return this;
    }

    /// <summary>Adds a self-signed certificate as <c>NAME.crt</c> and its key as <c>NAME.key</c>.</summary>
    public ConfigurationFolder WithCertificate(string name, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Now.AddYears(-1), notAfter ?? Now.AddYears(1));
        return With($"{name}.crt", certificate.ExportCertificatePem()).With($"{name}.key", key.ExportPkcs8PrivateKeyPem());
    }

    public WireGuardianConfiguration Parse(string yaml) =>
        ConfigurationLoader.Parse(yaml, ConfigurationPath, name => Environment.GetValueOrDefault(name), new FixedTime(Now));

    /// <summary>The errors of a wrong file as they are printed, with the folder taken off.</summary>
    public string[] Errors(string yaml)
    {
        try
        {
            Parse(yaml);
            return [];
        }
        catch (ConfigurationException exception)
        {
            return Printed(exception.Errors);
        }
    }

    public string[] Warnings(string yaml) => Printed(Parse(yaml).Warnings);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string[] Printed(IReadOnlyList<ConfigurationError> errors) =>
        [.. errors.Select(error => error.ToString().Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))];

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
