using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.MySql.Relay;

/// <summary>What is decided without a rule of the configuration, under names that records can show.</summary>
public static class BuiltInRules
{
    private const StatementKinds Any = (StatementKinds)~0;

    /// <summary>A statement that may write masked data where no rule masks it; <c>copies:</c> says hold or deny.</summary>
    public static ApprovalRule Copies(CopiesMode mode) => new()
    {
        Name = "copies",
        Kinds = Any,
        Action = mode == CopiesMode.Deny ? RuleAction.Deny : RuleAction.Hold,
    };

    /// <summary>A statement that may use a masked column to choose, join, group or order rows, by the <c>predicates:</c> of the column's rule.</summary>
    public static ApprovalRule Predicates(RuleAction action) => new() { Name = "predicates", Kinds = Any, Action = action };

    /// <summary>Data that leaves in a form in which it cannot be masked.</summary>
    public static ApprovalRule Masking { get; } = new() { Name = "masking", Kinds = Any, Action = RuleAction.Deny };

    /// <summary>Commands that read the binary log, where a rule would hold what comes of them by size.</summary>
    public static ApprovalRule BinaryLog { get; } = new() { Name = "binary-log", Kinds = StatementKinds.Export, Action = RuleAction.Deny };

    /// <summary>Data that leaves in a form that detectors cannot look into.</summary>
    public static ApprovalRule Detection { get; } = new() { Name = "detection", Kinds = Any, Action = RuleAction.Deny };

    /// <summary>Files of the client's, which the listener does not let the server ask for.</summary>
    public static ApprovalRule LocalInfile { get; } = new() { Name = "local-infile", Kinds = StatementKinds.Import, Action = RuleAction.Deny };
}
