using WireGuardian.Core.Detection;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Server.Scanning;

/// <summary>Rules for what a scan found. Columns whose values are hardly anything else are to be masked; others get a detection rule.</summary>
internal sealed record Proposal
{
    /// <summary>From this share of a column's values on, each of which is as a whole what a detector knows, the column is masked.</summary>
    private const double MaskedShare = 0.5;

    /// <summary>A detector with this share of a column's findings says what the column is.</summary>
    private const double DecidingShare = 0.9;

    /// <summary>Masking rules, by what their columns hold.</summary>
    public IReadOnlyList<ProposedMasking> Masking { get; private init; } = [];

    /// <summary>Columns for a detection rule.</summary>
    public IReadOnlyList<ProposedColumn> Detection { get; private init; } = [];

    /// <summary>What the detection rule has to look for.</summary>
    public DetectorSet Detectors { get; private init; }

    /// <summary>A name for it that the policy does not have.</summary>
    public string DetectionName { get; private init; } = "";

    /// <summary>Columns that a detection rule looks into already.</summary>
    public IReadOnlyList<(ProposedColumn Column, string Rule)> Detected { get; private init; } = [];

    /// <summary>Columns with findings in too few values.</summary>
    public IReadOnlyList<ProposedColumn> Few { get; private init; } = [];

    /// <summary>True where no rule is proposed.</summary>
    public bool IsEmpty => Masking.Count == 0 && Detection.Count == 0;

    /// <param name="report">What was found.</param>
    /// <param name="policy">The rules that there are.</param>
    /// <param name="minimumShare">Of a column's values that a proposal takes; in percent.</param>
    public static Proposal Make(ScanReport report, Policy policy, double minimumShare)
    {
        var names = policy.Masking.Select(rule => rule.Name).Concat(policy.Detection.Select(rule => rule.Name)).ToHashSet(StringComparer.Ordinal);
        // Rules know no databases: columns of the same name in several have one pattern.
        var columns = report.Columns.GroupBy(sample => PatternText.Of(sample.Place)).Select(group => new ProposedColumn(group.Key, [.. group])).ToArray();
        var masked = columns.Where(column => column.Samples.Any(IsMasked)).ToArray();
        var others = columns.Except(masked).ToLookup(column => column.Samples.Any(sample => sample.Place.Column.IsText && sample.Found * 100.0 >= minimumShare * sample.Values));
        var rules = policy.DetectionFor(report.Listener);
        var partly = others[true].ToLookup(column => DeciderOf(rules, column) is { Observe: false } rule && LooksFor(rule, column) ? rule.Name : null);
        Detector[] detectors = [.. partly[null].SelectMany(column => column.Samples).SelectMany(sample => sample.Detectors).Select(count => count.Detector).Distinct()];
        return new()
        {
            Masking =
            [
                .. masked.GroupBy(KindOf).OrderBy(group => group.Key is null).ThenBy(group => group.Key)
                    .Select(group => new ProposedMasking(Free(group.Key is { } kind ? DetectorNames.Of(kind).ToLowerInvariant().Replace('_', '-') : "mixed", names), MaskFor(group.Key), [.. group])),
            ],
            Detection = [.. partly[null]],
            Detectors = DetectorSet.Of(detectors),
            DetectionName = Free("in-text", names),
            Detected = [.. partly.Where(group => group.Key is not null).SelectMany(group => group.Select(column => (column, group.Key!)))],
            Few = [.. others[false]],
        };
    }

    /// <summary>The detection rule that decides on a column as things are; null for none.</summary>
    public static DetectionRule? DeciderOf(IReadOnlyList<DetectionRule> rules, ProposedColumn column)
    {
        var (table, name) = (column.Samples[0].Place.Table, column.Samples[0].Place.Column.Name);
        return rules.FirstOrDefault(rule => rule.Covers(table.Schema, table.Name, name));
    }

    private static bool LooksFor(DetectionRule rule, ProposedColumn column) =>
        column.Samples.SelectMany(sample => sample.Detectors).All(count => rule.Detectors.Contains(count.Detector));

    private static bool IsMasked(ColumnSample sample) => sample.Whole >= MaskedShare * sample.Values;

    /// <summary>What the column holds, by the sample that shows most; null where that is several things.</summary>
    private static Detector? KindOf(ProposedColumn column)
    {
        var sample = column.Samples.MaxBy(sample => sample.Whole)!;
        return sample.Detectors[0].Values >= DecidingShare * sample.Found ? sample.Detectors[0].Detector : null;
    }

    private static MaskKind MaskFor(Detector? kind) => kind switch
    {
        Detector.EmailAddress => MaskKind.Email,
        // People tell them apart by their last digits.
        Detector.PhoneNumber or Detector.CreditCard or Detector.IbanCode or Detector.UsSsn or Detector.Crypto => MaskKind.Partial,
        _ => MaskKind.Redact,
    };

    private static string Free(string what, HashSet<string> taken)
    {
        var name = $"found-{what}";
        for (var number = 2; !taken.Add(name); number++)
            name = $"found-{what}-{number}";
        return name;
    }
}

/// <summary>A column as rules name it, with what was found in it; several where several databases have it.</summary>
internal sealed record ProposedColumn(PatternText Pattern, IReadOnlyList<ColumnSample> Samples);

/// <summary>A masking rule.</summary>
internal sealed record ProposedMasking(string Name, MaskKind Mask, IReadOnlyList<ProposedColumn> Columns);
