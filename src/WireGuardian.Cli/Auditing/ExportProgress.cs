using System.Globalization;

namespace WireGuardian.Cli.Auditing;

/// <summary>Says on stderr how far long work is, every few seconds.</summary>
internal sealed class ExportProgress(Surroundings surroundings)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _saidAt = surroundings.Time.GetTimestamp();

    /// <summary>Records that were written so far.</summary>
    public long Written { get; set; }

    public void Looked(long to, long end)
    {
        if (surroundings.Time.GetElapsedTime(_saidAt) < Interval || end <= 0)
            return;
        _saidAt = surroundings.Time.GetTimestamp();
        surroundings.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"wgctl: looked through {to} of {end} records ({100 * to / end} %), {Written} of them match."));
    }
}
