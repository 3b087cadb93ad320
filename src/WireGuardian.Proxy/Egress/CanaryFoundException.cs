using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Egress;

/// <summary>
/// A send was refused because it would have completed a canary; the session ends. It counts as a broken connection wherever it is not told apart, and what has to be
/// reported of it has been.
/// </summary>
/// <param name="canary">What was found.</param>
/// <param name="beginning">The first bytes of what was not sent, fewer than any value has: a protocol may have to go on from them.</param>
public sealed class CanaryFoundException(Canary canary, byte[] beginning) : IOException($"canary \"{canary.Name}\" was about to leave")
{
    /// <summary>Length of <see cref="Beginning"/>, where there were as many bytes.</summary>
    public const int BeginningLength = 4;

    /// <summary>What a client is told.</summary>
    public string Explanation => $"the session was ended: the answer holds the canary \"{canary.Name}\"";

    public ReadOnlySpan<byte> Beginning => beginning;

    /// <summary>Part of what was to be sent in one go had left already, so that nothing can be said after it.</summary>
    public bool AfterPart { get; set; }
}
