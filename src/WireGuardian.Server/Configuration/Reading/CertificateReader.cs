using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>A certificate with its private key, and the intermediate certificates that its file holds after it.</summary>
internal sealed record CertificateWithChain(X509Certificate2 Certificate, X509Certificate2Collection Chain);

/// <summary>Loads the PEM files that the configuration names.</summary>
internal static class CertificateReader
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads <c>certificate:</c> and <c>key:</c>, which go together; null when neither is there or one is wrong.</summary>
    public static CertificateWithChain? ReadWithKey(Section section)
    {
        var certificate = section.Optional("certificate", ScalarForms.Path);
        var key = section.Optional("key", ScalarForms.Path);
        if (section.Has("certificate") != section.Has("key"))
            section.Missing(section.Has("key") ? "certificate" : "key", "certificate and private key go together");
        if (certificate is null || key is null || Text(section.Context, certificate) is not { } certificatePem || Text(section.Context, key) is not { } keyPem)
            return null;

        var chain = Certificates(section.Context, certificate, certificatePem);
        if (chain is null || !HasKey(section.Context, key, keyPem))
            return null;
        try
        {
            var own = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            WarnIfOutOfDate(section.Context, certificate, own);
            SecretReader.WarnIfReadableByAll(section.Context, key, section.Context.Resolve(key.Value));
            chain.RemoveAt(0);
            return new CertificateWithChain(own, chain);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            section.Context.Error(key.Position, $"the private key in {key.Value} does not belong to the certificate in {certificate.Value}, or is not a usable key");
            return null;
        }
    }

    /// <summary>Reads a file of CA certificates; null when the key is not there or the file is wrong.</summary>
    public static X509Certificate2Collection? ReadAuthorities(Section section, string key) =>
        section.Optional(key, ScalarForms.Path) is { } path && Text(section.Context, path) is { } pem ? Certificates(section.Context, path, pem) : null;

    private static string? Text(ReadingContext context, Located<string> path) =>
        SecretReader.ReadFile(context, path, context.Resolve(path.Value), MaxBytes) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static X509Certificate2Collection? Certificates(ReadingContext context, Located<string> path, string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            found.Clear();
        }
        if (found.Count > 0)
            return found;
        context.Error(path.Position, $"{path.Value} holds no certificate that can be read; expected PEM (-----BEGIN CERTIFICATE-----)");
        return null;
    }

    private static bool HasKey(ReadingContext context, Located<string> path, string pem)
    {
        var isEncrypted = pem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
        if (!isEncrypted && pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            return true;
        context.Error(path.Position, isEncrypted
            ? $"the private key in {path.Value} has a passphrase; expected one without"
            : $"{path.Value} holds no private key; expected PEM (-----BEGIN PRIVATE KEY-----)");
        return false;
    }

    private static void WarnIfOutOfDate(ReadingContext context, Located<string> path, X509Certificate2 certificate)
    {
        var now = context.Time.GetUtcNow();
        if (now > certificate.NotAfter)
            context.Warn(path.Position, $"the certificate in {path.Value} expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        else if (now < certificate.NotBefore)
            context.Warn(path.Position, $"the certificate in {path.Value} is not valid before {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd}");
    }
}
