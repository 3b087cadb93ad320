namespace WireGuardian.Core.Labels;

/// <summary>A label as it is kept: which column it is for, where, and which statement put it there. No value is in it.</summary>
public sealed record ColumnLabel
{
    public required string Id { get; init; }

    /// <summary>The listener through which the copy was made.</summary>
    public required string Listener { get; init; }

    /// <summary>The server behind it, as <c>host:port</c>: the data are there for its other listeners too.</summary>
    public required string Upstream { get; init; }

    public required string Database { get; init; }

    /// <summary>The server's number of the database: one that was dropped and made again is another.</summary>
    public uint DatabaseNumber { get; init; }

    public required LabelledColumn Column { get; init; }

    /// <summary>What put it there: <c>statement</c>, <c>materialized view</c> or <c>generated column</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The login whose statement it was; empty for what the proxy found by itself.</summary>
    public string Principal { get; init; } = "";

    /// <summary>SHA-256 (hex) of the statement's bytes; empty where there is none.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The approval request of the statement; empty where nobody was asked.</summary>
    public string RequestId { get; init; } = "";

    public required DateTimeOffset Since { get; init; }

    /// <summary>Of a label for a new relation: the transaction that makes the relation is over, so that it is there now or never will be.</summary>
    public bool IsSettled { get; init; }

    /// <summary>A new id.</summary>
    public static string NewId() => $"L{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
}
