namespace WireGuardian.Proxy.Tls;

/// <summary>How much TLS a leg wants.</summary>
public enum TlsMode
{
    Off,

    /// <summary>TLS where the other side can.</summary>
    Prefer,

    /// <summary>TLS or no connection; on the upstream leg the certificate is not checked, unless a CA is given.</summary>
    Require,

    /// <summary>Upstream leg only: TLS, with the certificate's chain and host name checked.</summary>
    VerifyFull,
}
