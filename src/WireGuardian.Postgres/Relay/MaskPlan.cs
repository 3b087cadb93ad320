using WireGuardian.Postgres.Rewriting;

namespace WireGuardian.Postgres.Relay;

/// <summary>How the rows of one result are masked: a mask per column, or what is looked for in it, null where it is sent as it is. Built once per result shape.</summary>
public sealed class MaskPlan
{
    private readonly ValueMask?[] _masks;
    private readonly ColumnDetection?[] _detections;
    private readonly string[] _rules;
    private readonly int[] _counts;

    /// <param name="masks">One entry per column.</param>
    /// <param name="rules">The rule behind each mask or detection; empty strings where there is none.</param>
    /// <param name="detections">One entry per column, null where its values are not looked into; empty where none are. Where there is a mask too, what that leaves is looked into.</param>
    public MaskPlan(ValueMask?[] masks, string[] rules, ColumnDetection?[]? detections = null)
    {
        (_masks, _rules, _counts, _detections) = (masks, rules, new int[masks.Length], detections ?? []);
        LastMasked = Math.Max(Array.FindLastIndex(masks, mask => mask is not null), Array.FindLastIndex(_detections, detection => detection is not null));
        MasksAnything = LastMasked >= 0;
        CanStream = Array.TrueForAll(masks, mask => mask is null || mask.CanStream) && Array.TrueForAll(_detections, detection => detection is null or { CanStream: true });
    }

    /// <summary>For results that hold nothing to mask.</summary>
    public static MaskPlan None { get; } = new([], []);

    /// <summary>What it was made of; null where it masks every column, or there are none, so that it holds whatever changes.</summary>
    public PlanBasis? Basis { get; init; }

    public bool MasksAnything { get; }

    /// <summary>True when every masked value can be masked as it arrives, whatever its size.</summary>
    public bool CanStream { get; }

    public int ColumnCount => _masks.Length;

    public ValueMask? this[int column] => _masks[column];

    /// <summary>How the column's values are looked into; null where they are not.</summary>
    public ColumnDetection? DetectionOf(int column) => _detections.Length == 0 ? null : _detections[column];

    /// <summary>The masks up to the last column that has one, or is looked into.</summary>
    public ReadOnlySpan<ValueMask?> Masks => _masks.AsSpan(0, LastMasked + 1);

    /// <summary>The last column that is masked or looked into; what comes after it need not be looked at. -1 where there is none.</summary>
    public int LastMasked { get; }

    /// <summary>A value of the column was masked. A plan belongs to one session, so this is a plain addition.</summary>
    public void Count(int column) => _counts[column]++;

    /// <summary>Reports what was counted since the last time.</summary>
    public void Report(IMaskStatistics statistics)
    {
        for (var column = 0; column <= LastMasked; column++)
        {
            if (_counts[column] == 0)
                continue;
            statistics.CountMaskedValues(_rules[column], _counts[column]);
            _counts[column] = 0;
        }
    }
}
