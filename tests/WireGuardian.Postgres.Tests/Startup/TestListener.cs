using System.Net;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Tls;

namespace WireGuardian.Postgres.Tests.Startup;

/// <summary>Options of a listener for a test.</summary>
internal static class TestListener
{
    public static ListenerOptions Options(
        DnsEndPoint? upstream = null,
        TlsMode tls = TlsMode.Off,
        CertificateFiles? certificate = null,
        UpstreamTlsOptions? upstreamTls = null,
        CatalogLogin? catalog = null,
        LimitOptions? limits = null) => new()
        {
            Name = "test",
            Protocol = "postgres",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Upstream = upstream ?? new DnsEndPoint("127.0.0.1", 1),
            Tls = new ClientTlsOptions(tls, certificate?.Load()),
            UpstreamTls = upstreamTls ?? new UpstreamTlsOptions(TlsMode.Off),
            Catalog = catalog,
            Limits = limits ?? new LimitOptions(),
        };
}
