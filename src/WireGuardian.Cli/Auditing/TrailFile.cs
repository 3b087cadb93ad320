using System.Text.Json;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Cli.Auditing;

/// <summary>A trail on this machine, verified without a server: a store, or an export as JSON lines.</summary>
internal static class TrailFile
{
    private static ReadOnlySpan<byte> StoreHeader => "SQLite format 3\0"u8;

    /// <param name="path">audit.db, or an export.</param>
    /// <param name="keys">The keys whose signatures count; null for those that the store names.</param>
    /// <param name="checkpoints">Checkpoints that were kept elsewhere, in the order of their sequences.</param>
    /// <param name="isFiltered">The export lacks records on purpose: each is verified for itself.</param>
    /// <exception cref="UsageException">It is neither, or cannot be read.</exception>
    public static AuditVerification Verify(string path, AuditPublicKeys? keys, IReadOnlyList<SignedCheckpoint> checkpoints, bool isFiltered)
    {
        try
        {
            if (IsStore(path))
                return AuditReader.OfFile(path).Verify(keys, checkpoints);
            using var lines = File.OpenText(path);
            return isFiltered ? VerifyEach(Records(lines)) : VerifyChain(Records(lines), keys ?? new AuditPublicKeys([]), checkpoints);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AuditUnavailableException)
        {
            throw new UsageException($"Cannot read '{path}': {e.Message}");
        }
    }

    private static bool IsStore(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[StoreHeader.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(StoreHeader);
    }

    private static AuditVerification VerifyChain(IEnumerable<(ChainedAuditRecord? Record, string Problem)> lines, AuditPublicKeys keys, IReadOnlyList<SignedCheckpoint> checkpoints)
    {
        using var kept = new CheckpointWalk(checkpoints, "the checkpoint file", keys);
        TrailWalk? walk = null;
        foreach (var (record, problem) in lines)
        {
            // An export begins where its trail does: with the first record, or with the one after the anchor that retention left.
            walk ??= Begin(record, kept);
            if (!walk.GoesOn || (record is null ? !walk.Break(walk.Next, problem) : !walk.Follow(record)))
                break;
        }
        return (walk ?? Begin(null, kept)).End();
    }

    private static TrailWalk Begin(ChainedAuditRecord? first, CheckpointWalk kept)
    {
        var anchor = first is { Sequence: > 1 } later && later.PreviousHash.Length == 2 * AuditChain.HashBytes && later.PreviousHash.All(char.IsAsciiHexDigitLower)
            ? new AuditHead(later.Sequence - 1, later.PreviousHash)
            : AuditHead.Empty;
        var walk = new TrailWalk(anchor, [kept]);
        walk.Begin();
        return walk;
    }

    /// <summary>Every record against its own hash and the one that it names before it; what is missing in between does not show.</summary>
    private static AuditVerification VerifyEach(IEnumerable<(ChainedAuditRecord? Record, string Problem)> lines)
    {
        var (count, head) = (0L, AuditHead.Empty);
        foreach (var (record, problem) in lines)
        {
            if (record is null)
                return new AuditVerification(count, head.Sequence + 1, head) { Problem = problem };
            var walk = Begin(record, new CheckpointWalk([], "", new AuditPublicKeys([])));
            if (!walk.Follow(record))
                return walk.End() with { Records = count, Head = head };
            (count, head) = (count + 1, new AuditHead(record.Sequence, record.Hash));
        }
        return new AuditVerification(count, null, head);
    }

    private static IEnumerable<(ChainedAuditRecord? Record, string Problem)> Records(TextReader lines)
    {
        var number = 0L;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length > 0)
                yield return Read(line, number);
        }
    }

    private static (ChainedAuditRecord? Record, string Problem) Read(string line, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return (AuditRecordJson.Read(json.RootElement), "");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return (null, $"Line {number} is no record of an export. {(e is JsonException ? "It is not JSON." : e.Message)}");
        }
    }
}
