using WireGuardian.Proxy.Limits;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>limits:</c>, at the top and in a listener.</summary>
internal static class LimitsSection
{
    private static readonly ScalarForm<int> Count = ScalarForms.Integer(1, 1_000_000);
    private static readonly ScalarForm<TimeSpan> Wait = ScalarForms.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
    private static readonly ScalarForm<TimeSpan> WaitOrNever = ScalarForms.Duration(TimeSpan.Zero, TimeSpan.FromDays(1));

    // PostgreSQL takes messages up to 1 GiB less one byte.
    private static readonly ScalarForm<int> Buffer = ScalarForms.Size(8 << 10, 1 << 30);

    /// <summary>The limits of a section; what it does not name is as in <paramref name="inherited"/>.</summary>
    public static LimitOptions Read(Section? limits, LimitOptions inherited)
    {
        if (limits is null)
            return inherited;
        return new LimitOptions
        {
            MaxConnections = Number("maxConnections", inherited.MaxConnections),
            MaxConnectionsPerUser = Number("maxConnectionsPerUser", inherited.MaxConnectionsPerUser),
            LoginTimeout = Duration("loginTimeout", inherited.LoginTimeout),
            ConnectTimeout = Duration("connectTimeout", inherited.ConnectTimeout),
            MaxStatementBytes = Bytes("maxStatementBytes", inherited.MaxStatementBytes),
            MaxBufferedRowBytes = Bytes("maxBufferedRowBytes", inherited.MaxBufferedRowBytes),
            MaxPipelinedRequests = Number("maxPipelinedRequests", inherited.MaxPipelinedRequests),
            MaxPreparedStatements = Number("maxPreparedStatements", inherited.MaxPreparedStatements),
            MaxConcurrentCancels = Number("maxConcurrentCancels", inherited.MaxConcurrentCancels),
            CatalogTimeout = Duration("catalogTimeout", inherited.CatalogTimeout),
            DrainTimeout = limits.Optional("drainTimeout", WaitOrNever)?.Value ?? inherited.DrainTimeout,
            WriteTimeout = limits.Optional("writeTimeout", WaitOrNever)?.Value ?? inherited.WriteTimeout,
        };

        int Number(string key, int otherwise) => limits.Optional(key, Count)?.Value ?? otherwise;

        TimeSpan Duration(string key, TimeSpan otherwise) => limits.Optional(key, Wait)?.Value ?? otherwise;

        int Bytes(string key, int otherwise) => limits.Optional(key, Buffer)?.Value ?? otherwise;
    }

    /// <summary>Reads <c>approvalLimits:</c> inside the top <c>limits:</c>.</summary>
    public static ApprovalLimitOptions ReadApprovals(Section? limits)
    {
        var defaults = new ApprovalLimitOptions();
        if (limits?.Child("approvalLimits", "approval limits") is not { } approvals)
            return defaults;
        var read = new ApprovalLimitOptions
        {
            MaxPending = approvals.Optional("maxPending", Count)?.Value ?? defaults.MaxPending,
            MaxPendingPerUser = approvals.Optional("maxPendingPerUser", Count)?.Value ?? defaults.MaxPendingPerUser,
        };
        approvals.Finish();
        return read;
    }
}
