namespace WireGuardian.Proxy.Session;

/// <summary>How long what operators see around a held statement may take to find, and how much of it is looked for.</summary>
public static class HeldContext
{
    /// <summary>A statement is held at the latest then, with what is known by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Relations of one statement whose rows are asked for.</summary>
    public const int MostRelations = 20;
}
