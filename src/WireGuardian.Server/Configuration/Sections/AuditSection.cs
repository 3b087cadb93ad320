using System.Net;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>audit:</c>.</summary>
internal static class AuditSection
{
    private const string Receiver = "a syslog receiver: the path of a socket such as /dev/log, udp://host:514 or tcp://host:601";

    private static readonly ScalarForm<int> Records = ScalarForms.Integer(1, 1_000_000);
    private static readonly ScalarForm<TimeSpan> Interval = ScalarForms.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    private static readonly ScalarForm<TimeSpan> Retention = ScalarForms.Duration(TimeSpan.FromDays(1), TimeSpan.FromDays(36_500));
    private static readonly ScalarForm<SyslogOptions> Syslog = new(Receiver, ParseSyslog);

    public static AuditOptions Read(Section root)
    {
        var defaults = new AuditOptions();
        if (root.Child("audit", "the audit settings") is not { } audit)
            return defaults;
        var key = ReadKey(audit);
        var retention = audit.Optional("retention", Retention);
        var checkpoints = audit.Child("checkpoints", "the settings of checkpoints");
        var read = defaults with
        {
            SigningKey = key,
            Retention = retention?.Value,
            CheckpointRecords = checkpoints?.Optional("records", Records)?.Value ?? defaults.CheckpointRecords,
            CheckpointInterval = checkpoints?.Optional("interval", Interval)?.Value ?? defaults.CheckpointInterval,
            Sinks = checkpoints is null ? defaults.Sinks : ReadSinks(checkpoints),
        };
        checkpoints?.Finish();
        audit.Finish();
        return read;
    }

    private static AuditSigningKey? ReadKey(Section audit)
    {
        if (SecretReader.ReadText(audit, "signingKey") is not { } pem)
            return null;
        try
        {
            return AuditSigningKey.FromPem(pem.Value);
        }
        catch (FormatException exception)
        {
            audit.Context.Error(pem.Position, $"{exception.Message} Make one with: openssl ecparam -name prime256v1 -genkey -noout");
            return null;
        }
    }

    private static CheckpointSinkOptions ReadSinks(Section checkpoints) => new()
    {
        File = checkpoints.Optional("file", ScalarForms.Path) is { } path ? ReadFile(checkpoints.Context, path) : null,
        StandardOutput = checkpoints.Optional("stdout", ScalarForms.Boolean)?.Value ?? false,
        Syslog = checkpoints.Optional("syslog", Syslog)?.Value,
        Otlp = EndpointSections.ReadOtlp(checkpoints, hasInterval: false),
    };

    private static string? ReadFile(ReadingContext context, Located<string> path)
    {
        var file = context.Resolve(path.Value);
        if (!Directory.Exists(file))
            return file;
        context.Error(path.Position, $"{file} is a folder; expected the path of a file");
        return null;
    }

    private static Parsed<SyslogOptions> ParseSyslog(string text)
    {
        if (text.StartsWith('/'))
            return Parsed<SyslogOptions>.Good(new SyslogOptions(SyslogTransport.Unix, text, null));
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "udp" or "tcp" && uri.Port > 0 && uri.Host.Length > 0 && uri.PathAndQuery is "" or "/"
            ? Parsed<SyslogOptions>.Good(new SyslogOptions(
                uri.Scheme == "udp" ? SyslogTransport.Udp : SyslogTransport.Tcp, "", new DnsEndPoint(uri.DnsSafeHost, uri.Port)))
            : Parsed<SyslogOptions>.Bad;
    }
}
