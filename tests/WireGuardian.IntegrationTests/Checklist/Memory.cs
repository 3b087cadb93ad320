using System.Globalization;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>Resident memory of a process, in bytes, as the kernel has it.</summary>
internal static class Memory
{
    public static long OfProcess(int process) => Read(process, "VmRSS:");

    public static long PeakOfProcess(int process) => Read(process, "VmHWM:");

    private static long Read(int process, string key)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
