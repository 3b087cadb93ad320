using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;

namespace WireGuardian.Server.Scanning;

/// <summary>Counts in how many values of a column each detector finds something. Keeps no value.</summary>
internal sealed class ColumnTally
{
    /// <summary>A path that fewer documents have may lead through a key that is itself a value.</summary>
    private const int FewestDocuments = 10;

    private const double LeastShareOfDocuments = 0.1;
    private const int MostPaths = 512;
    private const int MostPathsShown = 16;

    /// <summary>The part of a value that findings make up before it counts as nothing else.</summary>
    private const double WholeShare = 0.6;

    private readonly ScannedColumn _place;
    private readonly DetectionMask _detection;
    private readonly DocumentFindings? _documents;
    private readonly DetectionScratch _scratch;
    private readonly int[] _byDetector = new int[DetectorNames.All.Count];
    private readonly Dictionary<(string Path, Detector Detector), int> _byPath = [];
    private int _values;
    private int _found;
    private int _whole;

    /// <param name="place">The column.</param>
    /// <param name="minimumScore">Findings of a lower score do not count; in hundredths.</param>
    /// <param name="scratch">Of all columns of the table together.</param>
    public ColumnTally(ScannedColumn place, int minimumScore, DetectionScratch scratch)
    {
        var name = Encoding.UTF8.GetBytes(place.Column.Name);
        var rule = new DetectionRule { Name = "scan", MinimumScore = minimumScore, Observe = true };
        (_place, _scratch) = (place, scratch);
        _detection = new(rule, place.Column.Structure, name);
        if (place.Column.Structure is TextStructure.Json or TextStructure.Hstore)
            _documents = new(rule.Detectors, minimumScore, place.Column.Structure, name);
    }

    private bool IsDocument => _place.Column.Structure is TextStructure.Json or TextStructure.Hstore or TextStructure.Xml;

    public void Add(Span<byte> value)
    {
        if (value.IsEmpty)
            return;
        _values++;
        _detection.Apply(value, _scratch);
        if (!_scratch.HasCounts)
            return;
        _found++;
        if (!IsDocument && _scratch.FoundBytes >= WholeShare * value.Length)
            _whole++;
        for (var detector = 0; detector < _byDetector.Length; detector++)
            _byDetector[detector] += Math.Min(1, _scratch.CountOf((Detector)detector));
        _scratch.Reset();
        foreach (var path in _documents?.Find(value) ?? [])
        {
            if (_byPath.TryGetValue(path, out var count) || _byPath.Count < MostPaths)
                _byPath[path] = count + 1;
        }
    }

    /// <param name="rows">Of the table's sample.</param>
    public ColumnSample ToSample(int rows)
    {
        var fewest = Math.Max(FewestDocuments, LeastShareOfDocuments * _values);
        return new(
            _place, rows, _values, _found, _whole,
            [.. _byDetector.Select((count, detector) => new DetectorCount((Detector)detector, count)).Where(count => count.Values > 0).OrderByDescending(count => count.Values)],
            [
                .. _byPath.Where(path => path.Value >= fewest).Select(path => new PathCount(path.Key.Path, path.Key.Detector, path.Value))
                    .OrderByDescending(path => path.Values).ThenBy(path => path.Path, StringComparer.Ordinal).Take(MostPathsShown),
            ]);
    }
}
