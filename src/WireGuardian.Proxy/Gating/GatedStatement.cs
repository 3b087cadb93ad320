using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Gating;

/// <summary>A statement that stands at the gate.</summary>
public sealed record GatedStatement
{
    public required Principal Principal { get; init; }
    public required string Listener { get; init; }
    public required string Protocol { get; init; }
    public required string Database { get; init; }

    /// <summary>The statement with its literals masked.</summary>
    public required string Statement { get; init; }

    /// <summary>The relations that it names, for the operator to read.</summary>
    public IReadOnlyList<string> Relations { get; init; } = [];

    /// <summary>Who the requester is: a name of <c>people:</c>, or the login where no person has it.</summary>
    public string Person { get; init; } = "";

    /// <summary>
    /// True where whoever asks keeps <see cref="GateOutcome.MaxRows"/>. Otherwise an approval on such a condition is refused: it must not be given and then ignored.
    /// </summary>
    public bool CanLimitRows { get; init; }

    /// <summary>Finds what is known around it; asked only when it is held. Takes no longer than a moment, and never throws for what cannot be found.</summary>
    public Func<CancellationToken, ValueTask<RequestContext>> Context { get; init; } = _ => ValueTask.FromResult(RequestContext.None);

    /// <summary>What policy says of it; its kinds are in here.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Version of the policy that said so.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>
    /// Computes the digest (SHA-256, hex) of all that will run and under which circumstances. Asked when the statement is held and again before it is released:
    /// an approval is good only for what was approved.
    /// </summary>
    public required Func<string> Digest { get; init; }

    /// <summary>
    /// The same for a statement whose connection does not wait: another session of the same principal computes the same digest for the same statement in the same
    /// circumstances. Null where the circumstances cannot be told so exactly: such a statement waits, whatever its rule says.
    /// </summary>
    public Func<string?> RepeatableDigest { get; init; } = () => null;

    /// <summary>What the policy says, see <see cref="Core.Policies.PolicyFingerprint"/>.</summary>
    public Func<string> PolicyFingerprint { get; init; } = () => "";
}
