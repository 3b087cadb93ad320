using WireGuardian.Core.Detection.Structure;

namespace WireGuardian.Proxy.Sampling;

/// <summary>A column that can hold what the detectors look for.</summary>
/// <param name="Name">As rules name it.</param>
/// <param name="Type">As the server calls it.</param>
/// <param name="Structure">What holds its values together.</param>
public sealed record SampledColumn(string Name, string Type, TextStructure Structure)
{
    /// <summary>False for numbers, dates and addresses, which are one thing as a whole or nothing.</summary>
    public bool IsText { get; init; } = true;

    /// <summary>False where the login has no right to read it.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>The rule that masks it already; null for none.</summary>
    public string? MaskedBy { get; init; }
}
