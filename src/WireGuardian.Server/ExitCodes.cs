namespace WireGuardian.Server;

/// <summary>What the program's end says to its caller.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or wrong configuration.</summary>
    public const int Wrong = 2;
}
