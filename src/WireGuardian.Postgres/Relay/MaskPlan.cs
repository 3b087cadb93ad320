using WireGuardian.Postgres.Rewriting;

namespace WireGuardian.Postgres.Relay;

/// <summary>How the rows of one result are masked: a mask per column, null where the column is sent as it is. Built once per result shape.</summary>
public sealed class MaskPlan
{
    private readonly ValueMask?[] _masks;
    private readonly string[] _rules;

    /// <param name="masks">One entry per column.</param>
    /// <param name="rules">The rule behind each mask; empty strings where there is none.</param>
    public MaskPlan(ValueMask?[] masks, string[] rules)
    {
        (_masks, _rules) = (masks, rules);
        MasksAnything = Array.Exists(masks, mask => mask is not null);
        CanStream = Array.TrueForAll(masks, mask => mask is null || mask.CanStream);
    }

    /// <summary>For results that hold nothing to mask.</summary>
    public static MaskPlan None { get; } = new([], []);

    public bool MasksAnything { get; }

    /// <summary>True when every masked value can be masked as it arrives, whatever its size.</summary>
    public bool CanStream { get; }

    public int ColumnCount => _masks.Length;

    public ValueMask? this[int column] => _masks[column];

    /// <summary>The rule that masks the column.</summary>
    public string RuleOf(int column) => _rules[column];
}
