namespace WireGuardian.Server.ControlPlane;

/// <summary>Limits of the control plane.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>Refused tokens that one address may send within <see cref="RefusalWindow"/>; after that it is not listened to.</summary>
    public int RefusalsPerAddress { get; init; } = 10;

    public TimeSpan RefusalWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Watches open at the same time.</summary>
    public int Watches { get; init; } = 64;

    /// <summary>An answer with a list stops growing at this size, in bytes.</summary>
    public int ListSize { get; init; } = 3 * 1024 * 1024;

    /// <summary>Longer statements are shortened to so many characters in lists and watches; GetRequest gives them whole.</summary>
    public int ListedStatementLength { get; init; } = 16 * 1024;

    /// <summary>How long an operator's reason may be, in characters.</summary>
    public int ReasonLength { get; init; } = 1000;
}
