using System.Numerics;
using System.Runtime.CompilerServices;

namespace WireGuardian.Core.Detection.Scanning;

/// <summary>
/// Finds what the detectors look for in UTF-8 text. One pass over blocks of 64 bytes makes a bit per byte and class; from those it computes where something could
/// begin that a detector knows, and only there detectors look. Clean text gives hardly a place. Holds nothing that changes; allocates nothing; total: any bytes give
/// a result, in time that grows with their length.
/// </summary>
/// <param name="enabled">The detectors that look.</param>
/// <param name="minimumScore">Findings of a lower score are not reported; in hundredths.</param>
public sealed class Scanner(DetectorSet enabled, int minimumScore)
{
    /// <summary>Nothing shorter is found (<c>a@b.co</c>) but a value that its name says to be secret.</summary>
    public const int ShortestFinding = 6;

    // Bytes of a block that are seen but belong to the block before or the block after it: what an anchor's rule asks of its surroundings.
    private const int Behind = 2;
    private const int Ahead = 16;

    /// <summary>The detectors that look.</summary>
    public DetectorSet Enabled => enabled;

    /// <summary>Adds what is found in <paramref name="text"/> from <paramref name="start"/> on.</summary>
    /// <param name="text">UTF-8; what is none is looked at all the same.</param>
    /// <param name="start">0, or what the call before returned for the same text.</param>
    /// <param name="hints">What the name of the value's column or key says of it.</param>
    /// <param name="findings">Takes the findings, in no order; they may overlap.</param>
    /// <returns>The length of the text, or where to go on once the findings were taken from a full buffer.</returns>
    public int Scan(ReadOnlySpan<byte> text, int start, ContextHints hints, FindingBuffer findings)
    {
        var search = new CandidateSearch(text, start, enabled, minimumScore, hints, findings);
        if (hints != ContextHints.None && start == 0)
            search.FindNamed();
        if (text.Length < ShortestFinding)
            return text.Length;
        if (start > 0)
            search.ContinueCluster(start);
        for (var next = start; next < text.Length;)
        {
            var block = Math.Max(0, Math.Min(next - Behind, text.Length - Block.Size));
            var isLast = text.Length - block <= Block.Size;
            var valid = ulong.MaxValue << (next - block) & (isLast ? ulong.MaxValue : ulong.MaxValue >> Ahead);
            var bytes = new Block(text[block..]);
            ScanBlock(ref search, bytes, block, valid);
            next = isLast ? text.Length : block + Block.Size - Ahead;
            if (findings.IsFull)
                return Math.Max(next, search.End);
        }
        return text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScanBlock(ref CandidateSearch search, in Block bytes, int block, ulong valid)
    {
        var digits = bytes.InRange((byte)'0', (byte)'9');
        var letters = bytes.Letters();
        var dashes = bytes.Equal((byte)'-');
        // From the colon to the @; the = is between them.
        var signs = bytes.InRange((byte)':', (byte)'@');

        var words = digits | letters | dashes | bytes.Equal((byte)'_');
        var longWords = words & words >> 1;
        longWords &= longWords >> 2;
        longWords &= longWords >> 4;
        longWords &= longWords >> 8;
        longWords &= ~(words << 1) & valid;
        if (longWords != 0)
            search.FindWords(block, longWords);

        if ((dashes & dashes >> 1 & dashes >> 4 & valid) != 0)
            search.FindPrivateKeys(block, dashes, valid);
        var colons = 0ul;
        if (signs != 0)
        {
            colons = bytes.Equal((byte)':');
            FindAroundSigns(ref search, bytes, block, digits, colons, valid);
        }
        if (digits != 0)
            FindAroundDigits(ref search, bytes, block, digits, letters, dashes, colons, valid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FindAroundSigns(ref CandidateSearch search, in Block bytes, int block, ulong digits, ulong colons, ulong valid)
    {
        var ats = bytes.Equal((byte)'@') & valid;
        if (ats != 0)
            search.FindAtSigns(block, ats);
        // A colon between digits is a time's.
        var signs = (colons & ~(digits << 1 & digits >> 1) | bytes.Equal((byte)'=')) & valid;
        if (signs != 0)
            search.FindBehindKeys(block, signs);
        // Two colons, or four with no more than four bytes between one and the next.
        var second = colons & (colons >> 2 | colons >> 3 | colons >> 4 | colons >> 5);
        var third = second & (second >> 2 | second >> 3 | second >> 4 | second >> 5);
        var fourth = third & (third >> 2 | third >> 3 | third >> 4 | third >> 5) & valid;
        var doubled = colons & colons >> 1 & valid;
        if ((fourth | doubled) != 0)
            search.FindColonAddresses(block, fourth | doubled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FindAroundDigits(
        ref CandidateSearch search, in Block bytes, int block, ulong digits, ulong letters, ulong dashes, ulong colons, ulong valid)
    {
        // A telephone number has eight at least.
        const int fewestDigits = 8;
        var pairs = digits & digits >> 1;
        var fours = pairs & pairs >> 2;
        var begins = digits & ~(digits << 1);

        // Where four digits begin that are no part of a word: yyyy-mm-dd, which is no other number, or a year behind the rest of a date.
        var wholeFours = fours & begins & ~(letters << 1) & valid;
        var isoDates = wholeFours & dashes >> 4 & pairs >> 5 & dashes >> 7 & pairs >> 8 & ~(digits >> 10);
        if (isoDates != 0)
        {
            // A time behind it makes it a moment, which nobody's birth is said to be.
            var moments = (bytes.Equal((byte)'T') | bytes.Equal((byte)' ')) >> 10 & pairs >> 11 & colons >> 13;
            if ((isoDates & ~moments) != 0)
                search.FindIsoDates(block, isoDates & ~moments);
        }
        var years = wholeFours & ~((digits | letters | dashes) >> 4);
        if (years != 0)
            search.FindYears(block, years);

        if (BitOperations.PopCount(digits) >= fewestDigits)
        {
            var marks = bytes.InRange((byte)'-', (byte)'/');
            // Where the first of several groups begins: not in a word, not behind another group, not in a time.
            var blanks = bytes.Equal((byte)' ');
            var clusters = begins & ~((blanks | colons) << 1 & digits << 2) & ~(marks << 1 & (digits | letters) << 2) & ~(letters << 1) & ~isoDates & valid;
            if (clusters != 0)
                search.FindNumbers(block, clusters, digits, letters);
            var pluses = bytes.Equal((byte)'+') & digits >> 1 & valid;
            if (pluses != 0)
                search.FindBehindPluses(block, pluses);
        }

        // Dots between digits, three of them: an address.
        var dots = bytes.Equal((byte)'.');
        var inner = dots & digits << 1 & digits >> 1;
        if ((inner & (inner - 1)) != 0)
            search.FindDottedAddresses(block, inner, valid);
        // Pairs between dashes, fours between dots: a hardware address.
        var spaced = (dashes & dashes >> 3 & dashes >> 6 & dashes >> 9 & dashes >> 12 | dots & dots >> 5) & valid;
        if (spaced != 0)
            search.FindHardwareAddresses(block, spaced);

        // Two capitals and two digits that begin a word.
        var accounts = letters & letters >> 1 & pairs >> 2 & ~((letters | digits) << 1) & valid;
        if (accounts != 0)
            search.FindAccounts(block, accounts & bytes.InRange((byte)'A', (byte)'Z'));
    }
}
