namespace WireGuardian.Core.Detection;

/// <summary>What the words around a value, or the name of its column or key, say that it is.</summary>
[Flags]
public enum ContextHints
{
    None = 0,
    Phone = 1,
    Card = 2,
    Ssn = 4,
    Birth = 8,
    Iban = 16,
    Address = 32,

    /// <summary>A password: any text may be one.</summary>
    Password = 64,

    /// <summary>A token, a secret or a key: made by a machine, so that it looks random.</summary>
    Token = 128,
}
