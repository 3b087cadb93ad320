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
                return VerifyStore(path, keys, checkpoints);
            if (keys is not null && checkpoints.Count == 0)
                throw new UsageException("An export holds no signatures: --key is for the checkpoints that --checkpoints names.");
            using var lines = File.OpenText(path);
            return isFiltered ? VerifyEach(Records(lines)) : VerifyChain(Records(lines), keys ?? new AuditPublicKeys([]), checkpoints);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read '{path}': {e.Message}");
        }
    }

    private static AuditVerification VerifyStore(string path, AuditPublicKeys? keys, IReadOnlyList<SignedCheckpoint> checkpoints)
    {
        try
        {
            return AuditReader.OfFile(path).Verify(keys, checkpoints);
        }
        catch (AuditUnavailableException e)
        {
            // The file is there and says that it is a store: what cannot be read in it does not hold.
            return new AuditVerification(0, null, AuditHead.Empty) { Problem = e.Message };
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
        var pruned = new HashSet<string>(StringComparer.Ordinal) { AuditHead.Empty.Hash };
        foreach (var (record, problem) in lines)
        {
            // An export begins where its trail does: with the first record, or with the one after the anchor that retention left.
            walk ??= Begin(record, kept);
            if (!walk.GoesOn || (record is null ? !walk.Break(walk.Next, problem) : !walk.Follow(record)))
                break;
            if (record is { Record: { Event: AuditEvents.Prune } prune })
                pruned.Add(prune.Digest);
        }
        var found = (walk ?? Begin(null, kept)).End();
        return found.IsIntact && !pruned.Contains(found.Anchor.Hash)
            ? found with
            {
                FirstBadSequence = found.Anchor.Sequence,
                Problem = "It and what came before are missing, and no record says that retention took them away. --filtered verifies each record for itself.",
            }
            : found;
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
