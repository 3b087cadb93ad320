using System.Security.Cryptography.X509Certificates;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>tls:</c> and <c>upstreamTls:</c>.</summary>
internal static class TlsSection
{
    private static readonly ScalarForm<TlsMode> ClientMode = ScalarForms.Choice(new Dictionary<string, TlsMode>
    {
        ["off"] = TlsMode.Off,
        ["prefer"] = TlsMode.Prefer,
        ["require"] = TlsMode.Require,
    });

    private static readonly ScalarForm<TlsMode> UpstreamMode = ScalarForms.Choice(new Dictionary<string, TlsMode>
    {
        ["off"] = TlsMode.Off,
        ["prefer"] = TlsMode.Prefer,
        ["require"] = TlsMode.Require,
        ["verify-full"] = TlsMode.VerifyFull,
    });

    /// <summary>TLS between clients and a listener; off where the section is missing.</summary>
    public static ClientTlsOptions ReadClient(Section listener)
    {
        if (listener.Child("tls", "tls settings") is not { } tls)
            return new ClientTlsOptions(TlsMode.Off, null);
        var mode = tls.Require("mode", ClientMode);
        var certificate = CertificateReader.ReadWithKey(tls);
        if (mode is { Value: not TlsMode.Off } && !tls.Has("certificate") && !tls.Has("key"))
            tls.Missing("certificate", $"with mode {(mode.Value == TlsMode.Prefer ? "prefer" : "require")} the proxy shows a certificate (PEM), with its \"key\"");
        tls.Finish();
        return mode is null || mode.Value == TlsMode.Off
            ? new ClientTlsOptions(TlsMode.Off, null)
            : new ClientTlsOptions(mode.Value, certificate?.Certificate, certificate?.Chain);
    }

    /// <summary>TLS between a listener and its server; off where the section is missing.</summary>
    public static UpstreamTlsOptions ReadUpstream(Section listener)
    {
        if (listener.Child("upstreamTls", "upstreamTls settings") is not { } tls)
            return new UpstreamTlsOptions(TlsMode.Off);
        var mode = tls.Require("mode", UpstreamMode);
        var authorities = CertificateReader.ReadAuthorities(tls, "ca");
        var certificate = CertificateReader.ReadWithKey(tls);
        tls.Finish();
        return mode is null ? new UpstreamTlsOptions(TlsMode.Off) : new UpstreamTlsOptions(mode.Value, authorities, certificate?.Certificate);
    }

    /// <summary>
    /// TLS of the control plane, whose section has no mode: where there is one, it is required. With it the authorities of operators' client certificates, where it
    /// names them.
    /// </summary>
    public static (ClientTlsOptions Tls, X509Certificate2Collection? ClientAuthorities) ReadControl(Section control)
    {
        if (control.Child("tls", "tls settings") is not { } tls)
            return (new ClientTlsOptions(TlsMode.Off, null), null);
        var own = ReadServer(tls);
        var authorities = CertificateReader.ReadAuthorities(tls, "clientCa");
        tls.Finish();
        return (own, authorities);
    }

    /// <summary>TLS of an HTTP listener, whose section has no mode and no authorities.</summary>
    public static ClientTlsOptions ReadHttp(Section listener)
    {
        if (listener.Child("tls", "tls settings") is not { } tls)
            return new ClientTlsOptions(TlsMode.Off, null);
        var own = ReadServer(tls);
        tls.Finish();
        return own;
    }

    private static ClientTlsOptions ReadServer(Section tls)
    {
        var certificate = CertificateReader.ReadWithKey(tls);
        if (!tls.Has("certificate") && !tls.Has("key"))
            tls.Missing("certificate", "a certificate (PEM), with its \"key\"");
        return new ClientTlsOptions(TlsMode.Require, certificate?.Certificate, certificate?.Chain);
    }
}
