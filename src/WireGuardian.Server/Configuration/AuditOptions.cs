using System.Net;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Configuration;

/// <summary>What is signed of the audit trail, where checkpoints go, and how long records are kept.</summary>
public sealed record AuditOptions
{
    /// <summary>The key that signs; null where the file names none: then one is kept in the data directory.</summary>
    public AuditSigningKey? SigningKey { get; init; }

    /// <summary>A checkpoint after so many records.</summary>
    public int CheckpointRecords { get; init; } = 1000;

    /// <summary>A checkpoint of new records after so long.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    public CheckpointSinkOptions Sinks { get; init; } = new();

    /// <summary>Records older than this are let go, up to a checkpoint; null for never.</summary>
    public TimeSpan? Retention { get; init; }
}

/// <summary>Where checkpoints go beside the store; null for not there.</summary>
public sealed record CheckpointSinkOptions
{
    /// <summary>Absolute path of a file that JSON lines are appended to.</summary>
    public string? File { get; init; }

    /// <summary>JSON lines on standard output, after the line <c>ready</c>.</summary>
    public bool StandardOutput { get; init; }

    public SyslogOptions? Syslog { get; init; }

    /// <summary>OTLP logs; its <see cref="OtlpOptions.Interval"/> does not matter here.</summary>
    public OtlpOptions? Otlp { get; init; }
}

/// <summary>A syslog receiver: a socket of this machine, or a server.</summary>
/// <param name="Transport">How it is reached.</param>
/// <param name="Path">Of the Unix socket; empty for a server.</param>
/// <param name="Server">Null for a Unix socket.</param>
public sealed record SyslogOptions(SyslogTransport Transport, string Path, DnsEndPoint? Server)
{
    /// <summary>As it stands in the file.</summary>
    public override string ToString() => Server is null ? Path : $"{(Transport == SyslogTransport.Udp ? "udp" : "tcp")}://{Server.Host}:{Server.Port}";
}

public enum SyslogTransport
{
    /// <summary>A datagram socket such as /dev/log.</summary>
    Unix,

    /// <summary>A datagram a message (RFC 5426).</summary>
    Udp,

    /// <summary>Octet counting (RFC 6587).</summary>
    Tcp,
}
