namespace WireGuardian.Server.ControlPlane;

/// <summary>Limits of the control plane.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>Refused tokens that one address may send within <see cref="RefusalWindow"/>; after that it is not listened to.</summary>
    public int RefusalsPerAddress { get; init; } = 10;

    public TimeSpan RefusalWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Watches open at the same time.</summary>
    public int Watches { get; init; } = 64;

    /// <summary>Exports of the audit trail running at the same time.</summary>
    public int Exports { get; init; } = 4;

    /// <summary>Audit records that an export reads at once.</summary>
    public int ExportPage { get; init; } = 500;

    /// <summary>A message of an export stops growing at this size, in bytes; no message may be larger than 4 MiB.</summary>
    public int ExportSize { get; init; } = 256 * 1024;

    /// <summary>Longer statements of an export are sent in parts of so many characters.</summary>
    public int ExportedStatementLength { get; init; } = 512 * 1024;

    /// <summary>An answer with a list stops growing at this size, in bytes.</summary>
    public int ListSize { get; init; } = 3 * 1024 * 1024;

    /// <summary>Longer statements are shortened to so many characters in lists and watches; GetRequest gives them whole.</summary>
    public int ListedStatementLength { get; init; } = 16 * 1024;

    /// <summary>How long an operator's reason may be, in characters.</summary>
    public int ReasonLength { get; init; } = 1000;
}
