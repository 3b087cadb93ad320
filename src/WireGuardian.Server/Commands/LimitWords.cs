using System.Globalization;
using WireGuardian.Proxy.Limits;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>Limits with their keys and values as the configuration writes them.</summary>
internal static class LimitWords
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(LimitOptions limits) =>
    [
        new("maxConnections", Number(limits.MaxConnections)),
        new("maxConnectionsPerUser", Number(limits.MaxConnectionsPerUser)),
        new("loginTimeout", Show.Duration(limits.LoginTimeout)),
        new("connectTimeout", Show.Duration(limits.ConnectTimeout)),
        new("maxStatementBytes", Show.Size(limits.MaxStatementBytes)),
        new("maxBufferedRowBytes", Show.Size(limits.MaxBufferedRowBytes)),
        new("maxPipelinedRequests", Number(limits.MaxPipelinedRequests)),
        new("maxPreparedStatements", Number(limits.MaxPreparedStatements)),
        new("maxConcurrentCancels", Number(limits.MaxConcurrentCancels)),
        new("catalogTimeout", Show.Duration(limits.CatalogTimeout)),
        new("drainTimeout", Show.Duration(limits.DrainTimeout)),
        new("writeTimeout", Show.Duration(limits.WriteTimeout)),
    ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
