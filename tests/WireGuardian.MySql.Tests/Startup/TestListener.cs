using System.Net;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Tls;

namespace WireGuardian.MySql.Tests.Startup;

/// <summary>Options of a listener for a test.</summary>
internal static class TestListener
{
    public static ListenerOptions Options(
        DnsEndPoint? upstream = null, TlsMode tls = TlsMode.Off, CertificateFiles? certificate = null, UpstreamTlsOptions? upstreamTls = null,
        LimitOptions? limits = null) => new()
        {
            Name = "test",
            Protocol = "mysql",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Upstream = upstream ?? new DnsEndPoint("127.0.0.1", 1),
            Tls = new ClientTlsOptions(tls, certificate?.Load()),
            UpstreamTls = upstreamTls ?? new UpstreamTlsOptions(TlsMode.Off),
            Limits = limits ?? new LimitOptions(),
        };
}
