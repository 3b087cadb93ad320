using System.Text.Json;
using System.Text.RegularExpressions;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Cli.Auditing;

/// <summary>Reads the files that an auditor keeps: public keys, checkpoints, receipts.</summary>
internal static partial class EvidenceFiles
{
    /// <summary>All keys of these PEM files; null where no file is named.</summary>
    /// <exception cref="UsageException">A file cannot be read, or holds no key.</exception>
    public static AuditPublicKeys? Keys(IReadOnlyList<string> paths) =>
        paths.Count == 0 ? null : new AuditPublicKeys(paths.SelectMany(KeysOf).ToList());

    /// <summary>The checkpoints of a file of JSON lines, in the order of their sequences.</summary>
    /// <exception cref="UsageException">It cannot be read, or a line is no checkpoint.</exception>
    public static IReadOnlyList<SignedCheckpoint> Checkpoints(string path) => Reading(path, () =>
    {
        var checkpoints = new List<SignedCheckpoint>();
        foreach (var line in File.ReadLines(path).Where(line => line.StartsWith('{')))
        {
            using var json = JsonDocument.Parse(line);
            checkpoints.Add(EvidenceJson.ReadCheckpoint(json.RootElement));
        }
        return checkpoints.OrderBy(signed => signed.Checkpoint.Sequence).ToList();
    });

    /// <summary>The receipts of a file: one object, or an array of them.</summary>
    /// <exception cref="UsageException">It cannot be read, or holds something else.</exception>
    public static IReadOnlyList<SignedReceipt> Receipts(string path) => Reading(path, () =>
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return json.RootElement.ValueKind == JsonValueKind.Array
            ? json.RootElement.EnumerateArray().Select(EvidenceJson.ReadReceipt).ToList()
            : [EvidenceJson.ReadReceipt(json.RootElement)];
    });

    private static List<AuditPublicKey> KeysOf(string path) => Reading(path, () =>
    {
        var keys = PublicKey().Matches(File.ReadAllText(path)).Select(match => AuditPublicKey.FromPem(match.Value)).ToList();
        return keys.Count > 0 ? keys : throw new FormatException("There is no public key in it (-----BEGIN PUBLIC KEY-----).");
    });

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"Cannot use '{path}': {e.Message}");
        }
        catch (JsonException)
        {
            throw new UsageException($"Cannot use '{path}': it is not JSON.");
        }
    }

    [GeneratedRegex("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", RegexOptions.Singleline)]
    private static partial Regex PublicKey();
}
