using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Values planted in masked columns, and the search for them in what a client received.</summary>
public static class Canaries
{
    private static readonly PlantedValues Planted = new(
        [
            "canaryssnone-7391", "canaryssntwo-8264", "canaryssnvisit-5512", "canaryssnderived-6613", "canarymailone@quetzal.example", "canarymailtwo@quetzal.example",
            "canaryphoneone", "canaryphonetwo", "canarynoteone", "canarynotetwo", "canaryextraone", "canaryextratwo",
        ],
        [918273.64m, 192837.46m],
        "phone extra visits derived example network");

    /// <summary>Names of the canaries that show in these bytes, whole or in part, in whatever disguise.</summary>
    public static IReadOnlyList<string> FoundIn(ReadOnlySpan<byte> bytes) => Planted.FoundIn(bytes);

    /// <summary>The same for messages: in their bytes as they came, and in what their rows and columns give when put together.</summary>
    public static IReadOnlyList<string> FoundIn(IReadOnlyList<WireFrame> frames)
    {
        var rows = frames.Where(frame => frame.Type == 'D').Select(frame => frame.Values).ToList();
        byte[] sent = [.. frames.SelectMany(frame => frame.Bytes)];
        var columns = Enumerable.Range(0, rows.Select(row => row.Count).DefaultIfEmpty().Max())
            .SelectMany(column => rows.Where(row => column < row.Count).SelectMany(row => row[column] ?? []).Append((byte)'\n'));
        return [.. Planted.FoundIn(sent).Concat(Planted.FoundIn([.. rows.SelectMany(row => row).SelectMany(value => value ?? [])])).Concat(Planted.FoundIn([.. columns])).Distinct()];
    }
}
