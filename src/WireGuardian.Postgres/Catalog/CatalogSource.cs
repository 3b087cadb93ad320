using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Postgres.Catalog;

/// <summary>How the catalog login of a listener reaches one database.</summary>
internal static class CatalogSource
{
    /// <summary>
    /// A source of connections without a pool. Types are not loaded: the queries here read built-in types only, and a database with
    /// ten thousand tables has twenty thousand types.
    /// </summary>
    /// <param name="listener">Where the server is.</param>
    /// <param name="login">The catalog login.</param>
    /// <param name="database">The database.</param>
    /// <param name="readsDetails">True where the details of notices are what is asked for; else the client library leaves them out.</param>
    public static NpgsqlDataSource Create(ListenerOptions listener, CatalogLogin login, string database, bool readsDetails = false)
    {
        var connect = (int)Math.Clamp(Math.Ceiling(listener.Limits.ConnectTimeout.TotalSeconds), 1, 1024);
        var source = new NpgsqlDataSourceBuilder();
        source.ConnectionStringBuilder.Host = listener.Upstream.Host;
        source.ConnectionStringBuilder.Port = listener.Upstream.Port;
        source.ConnectionStringBuilder.Database = database;
        source.ConnectionStringBuilder.Username = login.Username;
        source.ConnectionStringBuilder.Password = login.Password;
        source.ConnectionStringBuilder.ApplicationName = "wireguardian";
        source.ConnectionStringBuilder.Pooling = false;
        source.ConnectionStringBuilder.Multiplexing = false;
        source.ConnectionStringBuilder.Enlist = false;
        source.ConnectionStringBuilder.Timeout = connect;
        source.ConnectionStringBuilder.CommandTimeout = 60;
        source.ConnectionStringBuilder.TcpKeepAlive = true;
        source.ConnectionStringBuilder.IncludeErrorDetail = readsDetails;
        source.ConnectionStringBuilder.SslMode = ToSslMode(listener.UpstreamTls);
        source.ConfigureTypeLoading(types => types.EnableTypeLoading(false));

        var tls = listener.UpstreamTls;
        if (tls.Authorities is { } authorities && tls.Mode is not TlsMode.Prefer)
            source.UseRootCertificates(authorities);
        source.UseSslClientAuthenticationOptionsCallback(options =>
        {
            if (tls.ClientCertificate is { } certificate)
                options.ClientCertificates = [certificate];
            if (tls is { Mode: TlsMode.Prefer, Authorities: { } trusted })
                options.RemoteCertificateValidationCallback = EndsIn(trusted);
        });
        return source.Build();
    }

    /// <summary>A CA makes a check of <c>require</c>: what is given is honoured.</summary>
    private static SslMode ToSslMode(UpstreamTlsOptions tls) => tls.Mode switch
    {
        TlsMode.Off => SslMode.Disable,
        TlsMode.Prefer => SslMode.Prefer,
        TlsMode.Require => tls.Authorities is null ? SslMode.Require : SslMode.VerifyCA,
        _ => SslMode.VerifyFull,
    };

    private static RemoteCertificateValidationCallback EndsIn(X509Certificate2Collection authorities) => (_, certificate, chain, errors) =>
    {
        if (certificate is null || chain is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
            return false;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Clear();
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        return chain.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    };
}
