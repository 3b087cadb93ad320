using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Detection;

namespace WireGuardian.Proxy.Gating;

/// <summary>
/// Records what detectors found in a session: a record per rule, with the detectors' names and how often they fired, at most once per <see cref="Window"/> and at the end of
/// the session. Never what was found. Guarded by the relay's lock.
/// </summary>
/// <param name="audit">Takes the records.</param>
/// <param name="time">Tells when the next is due.</param>
/// <param name="record">A record of the session, to which the numbers are added.</param>
public sealed class DetectionRecorder(IAuditLog audit, TimeProvider time, Func<AuditRecord> record)
{
    /// <summary>For so long findings are counted before the numbers are recorded.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, int[]> _found = [];
    private long _windowStarted;
    private bool _isEmpty = true;

    /// <summary>A detector fired. Allocates only where the rule is new to the session.</summary>
    public void Add(string rule, Detector detector, int count)
    {
        if (!_found.TryGetValue(rule, out var counts))
            _found[rule] = counts = new int[DetectorNames.All.Count];
        counts[(int)detector] += count;
        if (_isEmpty)
            (_isEmpty, _windowStarted) = (false, time.GetTimestamp());
    }

    /// <summary>Records the numbers if their time has come.</summary>
    /// <exception cref="AuditUnavailableException">They cannot be recorded, and are kept.</exception>
    public void FlushIfDue()
    {
        if (!_isEmpty && time.GetElapsedTime(_windowStarted) >= Window)
            Flush();
    }

    /// <summary>Records the numbers.</summary>
    /// <exception cref="AuditUnavailableException">They cannot be recorded, and are kept.</exception>
    public void Flush()
    {
        if (_isEmpty)
            return;
        foreach (var (rule, counts) in _found)
        {
            if (!counts.AsSpan().ContainsAnyExcept(0))
                continue;
            var fired = counts.Index().Where(one => one.Item > 0)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{DetectorNames.All[one.Index]} {one.Item}"));
            audit.Append(record() with { Rule = rule, Detail = string.Join(", ", fired) });
            Array.Clear(counts);
        }
        _isEmpty = true;
    }
}
