using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Rewriting;

namespace WireGuardian.MySql.Relay;

/// <summary>How the rows of one result are masked: a mask per column, or what is looked for in it, null where it is sent as it is. Built once per result shape.</summary>
public sealed class MaskPlan
{
    private readonly ColumnMask?[] _masks;
    private readonly ColumnDetection?[] _detections;
    private readonly ColumnType[] _types;
    private readonly string[] _rules;
    private readonly int[] _counts;

    /// <param name="masks">One entry per column.</param>
    /// <param name="types">The columns' types.</param>
    /// <param name="rules">The rule behind each mask or detection; empty strings where there is none.</param>
    /// <param name="isBinary">The rows are in the binary protocol.</param>
    /// <param name="detections">One entry per column, null where its values are not looked into; empty where none are. Where there is a mask too, what that leaves is looked into.</param>
    public MaskPlan(ColumnMask?[] masks, ColumnType[] types, string[] rules, bool isBinary, ColumnDetection?[]? detections = null)
    {
        (_masks, _types, _rules, _counts, IsBinary, _detections) = (masks, types, rules, new int[masks.Length], isBinary, detections ?? []);
        var lastDetected = Array.FindLastIndex(_detections, detection => detection is not null);
        LastMasked = Math.Max(Array.FindLastIndex(masks, mask => mask is not null), lastDetected);
        Stars = Array.ConvertAll(_masks[..(LastMasked + 1)], mask => mask is not null);
        LeavesOnlyStars = !isBinary && lastDetected < 0 && Array.TrueForAll(masks, mask => mask is null || mask.IsStars);
        CanStream = Array.TrueForAll(masks, mask => mask is null || mask.CanStream) && Array.TrueForAll(_detections, detection => detection is null or { CanStream: true });
    }

    /// <summary>For results that hold nothing to mask.</summary>
    public static MaskPlan None { get; } = new([], [], [], isBinary: false);

    public bool IsBinary { get; }

    public bool MasksAnything => LastMasked >= 0;

    /// <summary>True when every masked value can be masked as it arrives, whatever its size.</summary>
    public bool CanStream { get; }

    /// <summary>True for text rows of which every masked value becomes stars, byte for byte.</summary>
    public bool LeavesOnlyStars { get; }

    /// <summary>Which columns are masked, up to the last one.</summary>
    public bool[] Stars { get; }

    /// <summary>How many values of each column were masked since the last report.</summary>
    public Span<int> Counts => _counts;

    public int ColumnCount => _masks.Length;

    public ColumnMask? this[int column] => _masks[column];

    /// <summary>How the column's values are looked into; null where they are not.</summary>
    public ColumnDetection? DetectionOf(int column) => _detections.Length == 0 ? null : _detections[column];

    /// <summary>The masks up to the last column that has one, or is looked into.</summary>
    public ReadOnlySpan<ColumnMask?> ToLastMasked => _masks.AsSpan(0, LastMasked + 1);

    /// <summary>Bytes of each of the column's values; 0 where the length stands before the value.</summary>
    public int FixedSize(int column) => IsBinary ? BinaryValues.FixedSize(_types[column]) : 0;

    /// <summary>The last column that is masked or looked into; what comes after it need not be looked at. -1 where there is none.</summary>
    public int LastMasked { get; }

    /// <summary>A value of the column was masked. A plan belongs to one session, so this is a plain addition.</summary>
    public void Count(int column) => _counts[column]++;

    /// <summary>Reports what was counted since the last time.</summary>
    public void Report(IStatementLog log)
    {
        for (var column = 0; column <= LastMasked; column++)
        {
            if (_counts[column] == 0)
                continue;
            log.CountMaskedValues(_rules[column], _counts[column]);
            _counts[column] = 0;
        }
    }
}
