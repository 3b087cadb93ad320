using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Approvals;

/// <summary>What an operator says of a request, before it counts.</summary>
/// <param name="By">The verified operator.</param>
/// <param name="Verb">What they want.</param>
public sealed record OperatorDecision(Operator By, DecisionVerb Verb)
{
    /// <summary>Why; required for a denial and for breaking the glass.</summary>
    public string Reason { get; init; } = "";

    /// <summary>By which way it came; see <see cref="DecisionChannels"/>.</summary>
    public string Channel { get; init; } = DecisionChannels.Grpc;

    /// <summary>The approval lapses unless the statement is released within so long; null for no limit of the operator's.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>The approval is for a result of at most so many rows; null for no limit.</summary>
    public long? MaxRows { get; init; }
}

/// <summary>What an operator can say.</summary>
public enum DecisionVerb
{
    Approve,
    Deny,

    /// <summary>Release at once, whatever the minimum.</summary>
    BreakGlass,
}

/// <summary>The ways by which decisions come.</summary>
public static class DecisionChannels
{
    public const string Grpc = "grpc";
    public const string Slack = "slack";
    public const string Teams = "teams";
    public const string Webhook = "webhook";
}
