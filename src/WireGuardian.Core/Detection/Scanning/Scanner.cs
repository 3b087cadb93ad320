using System.Numerics;
using System.Runtime.CompilerServices;
using WireGuardian.Core.Detection.Detectors;

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
    /// <summary>Nothing shorter is found: <c>a@b.co</c>.</summary>
    public const int ShortestFinding = 6;

    // Bytes of a block that are seen but belong to the block before or the block after it: what an anchor's rule asks of its surroundings.
    private const int Behind = 2;
    private const int Ahead = 16;

    // Digits within this many bytes that make it worth looking: fewer are no number that a detector knows.
    private const ulong DigitWindow = 0x3FFF;
    private const int FewestDigits = 9;

    private static readonly DetectorSet WordDetectors = DetectorSet.Of(
        Detector.Jwt, Detector.AwsCredentials, Detector.GcpCredentials, Detector.AzureCredentials, Detector.GitHubToken, Detector.SlackToken, Detector.StripeKey, Detector.Crypto);

    private static readonly DetectorSet NumberDetectors = DetectorSet.Of(Detector.PhoneNumber, Detector.CreditCard, Detector.UsSsn);

    private static readonly DetectorSet SecretDetectors = DetectorSet.Of(
        Detector.Secret, Detector.ConnectionString, Detector.AzureCredentials, Detector.AwsCredentials);

    /// <summary>The detectors that look.</summary>
    public DetectorSet Enabled { get; } = enabled;

    /// <summary>Adds what is found in <paramref name="text"/> from <paramref name="start"/> on.</summary>
    /// <param name="text">UTF-8; what is none is looked at all the same.</param>
    /// <param name="start">0, or what the call before returned for the same text.</param>
    /// <param name="hints">What the name of the value's column or key says of it.</param>
    /// <param name="findings">Takes the findings, in no order; they may overlap.</param>
    /// <returns>The length of the text, or where to go on once the findings were taken from a full buffer.</returns>
    public int Scan(ReadOnlySpan<byte> text, int start, ContextHints hints, FindingBuffer findings)
    {
        if (text.Length - start < ShortestFinding)
            return text.Length;
        if (hints != ContextHints.None && start == 0)
            ScanNamed(text, hints, findings);
        var state = new State { Hints = hints, Findings = findings, NumbersSeen = start, WordsSeen = start };
        for (var next = start; next < text.Length;)
        {
            var block = Math.Max(0, next - Behind);
            if (text.Length - block < Block.Size)
                block = Math.Max(0, text.Length - Block.Size);
            var isLast = text.Length - block <= Block.Size;
            var valid = ulong.MaxValue << (next - block) & (isLast ? ulong.MaxValue : ulong.MaxValue >> Ahead);
            ScanBlock(text, block, valid, ref state);
            next = isLast ? text.Length : block + Block.Size - Ahead;
            if (findings.IsFull)
                return Math.Max(next, state.End);
        }
        return text.Length;
    }

    private void ScanBlock(ReadOnlySpan<byte> text, int block, ulong valid, ref State state)
    {
        var bytes = new Block(text[block..]);
        var digits = bytes.InRange((byte)'0', (byte)'9');
        var letters = bytes.Letters();
        var dashes = bytes.Equal((byte)'-');
        // From the colon to the @; with = between them.
        var signs = bytes.InRange((byte)':', (byte)'@');

        var words = digits | letters | dashes | bytes.Equal((byte)'_');
        var longWords = words & words >> 1;
        longWords &= longWords >> 2;
        longWords &= longWords >> 4;
        longWords &= longWords >> 8;
        longWords &= ~(words << 1) & valid;
        if (longWords != 0)
            FindWords(text, block, longWords, ref state);

        if ((dashes & dashes >> 1 & dashes >> 4 & valid) != 0)
            FindKeys(text, block, dashes, valid, ref state);
        if ((signs & valid) != 0)
            FindAroundSigns(text, block, bytes, digits, valid, ref state);
        if (digits != 0)
            FindNumbers(text, block, bytes, digits, letters, dashes, valid, ref state);
    }

    private void FindNumbers(ReadOnlySpan<byte> text, int block, in Block bytes, ulong digits, ulong letters, ulong dashes, ulong valid, ref State state)
    {
        var pairs = digits & digits >> 1;
        var fours = pairs & pairs >> 2;
        var begins = digits & ~(digits << 1);
        var marks = bytes.InRange((byte)'-', (byte)'/');
        var blanks = bytes.Equal((byte)' ');

        // yyyy-mm-dd is no other number.
        var isoDates = begins & fours & dashes >> 4 & pairs >> 5 & dashes >> 7 & pairs >> 8 & ~(digits >> 10) & valid;
        if (isoDates != 0)
            FindIsoDates(text, block, isoDates, ref state);

        // Where the first of several groups begins: not in a word, not behind another group, not in a time.
        var colons = bytes.Equal((byte)':');
        var clusters = begins & ~((marks | blanks | colons) << 1 & digits << 2) & ~(letters << 1) & ~isoDates & valid;
        if (Enabled.Overlaps(NumberDetectors))
        {
            for (; clusters != 0; clusters &= clusters - 1)
            {
                var at = BitOperations.TrailingZeroCount(clusters);
                if (BitOperations.PopCount(digits >> at & DigitWindow) >= FewestDigits && block + at >= state.NumbersSeen)
                    FindInCluster(text, block + at, ref state);
            }
        }
        if ((fours & begins & valid) != 0 && Enabled.Contains(Detector.DateOfBirth))
            FindYears(text, block, begins & fours & ~(digits >> 4) & ~isoDates & valid, ref state);

        // A plus; + is before the marks.
        var pluses = bytes.Equal((byte)'+') & digits >> 1 & valid;
        if (pluses != 0 && Enabled.Contains(Detector.PhoneNumber))
            FindBehindPluses(text, block, pluses, ref state);

        // Dots between digits, three of them: an address.
        var dots = bytes.Equal((byte)'.');
        var inner = dots & digits << 1 & digits >> 1;
        if (inner != 0)
            FindDottedAddresses(text, block, inner, valid, ref state);
        // Pairs between dashes, fours between dots: a hardware address.
        var spaced = dashes & dashes >> 3 & dashes >> 6 & dashes >> 9 & dashes >> 12 | dots & dots >> 5;
        if ((spaced & valid) != 0 && Enabled.Contains(Detector.MacAddress))
            FindHardwareAddresses(text, block, spaced & valid, ref state);

        // Two capitals and two digits that begin a word.
        if ((pairs & letters << 1) != 0 && Enabled.Contains(Detector.IbanCode))
        {
            var capitals = bytes.InRange((byte)'A', (byte)'Z');
            FindAccounts(text, block, capitals & capitals >> 1 & pairs >> 2 & ~((letters | digits) << 1) & valid, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindIsoDates(ReadOnlySpan<byte> text, int block, ulong dates, ref State state)
    {
        for (; dates != 0; dates &= dates - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(dates);
            var next = Characters.At(text, at + 10);
            // A time behind it makes it a moment, which nobody's birth is said to be.
            var isMoment = next is (byte)'T' or (byte)' ' && Characters.IsDigit(Characters.At(text, at + 11)) && Characters.At(text, at + 13) == ':';
            if (isMoment)
                continue;
            if (Enabled.Contains(Detector.DateOfBirth) && DateOfBirth.TryFindIso(text, at, state.Hints, out var finding))
                Add(finding, ref state);
            // Another number may follow the date, which would hide where it begins.
            if (Characters.IsDigit(Characters.At(text, at + 11)) && Enabled.Overlaps(NumberDetectors))
                FindInCluster(text, at + 11, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindYears(ReadOnlySpan<byte> text, int block, ulong years, ref State state)
    {
        for (; years != 0; years &= years - 1)
        {
            if (DateOfBirth.TryFindBeforeYear(text, block + BitOperations.TrailingZeroCount(years), state.Hints, out var finding))
                Add(finding, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindInCluster(ReadOnlySpan<byte> text, int start, ref State state)
    {
        // Each group may begin what the group before it did not.
        while (start < text.Length && Characters.IsDigit(text[start]))
        {
            var groups = DigitGroups.Read(text, start);
            if (groups.Count == 0)
            {
                // A run of digits longer than any number.
                state.NumbersSeen = start + Characters.DigitsLength(text, start);
                return;
            }
            var found = TryFindNumber(text, groups, state.Hints, out var finding);
            if (found)
                Add(finding, ref state);
            state.NumbersSeen = found && finding.Score >= minimumScore ? finding.End : groups.EndOf(1);
            if (groups.Count == 1 || (found && finding.Score >= minimumScore && finding.End >= groups.EndOf(groups.Count)))
                return;
            start = found && finding.Score >= minimumScore ? NextDigit(text, finding.End) : groups.OffsetOf(1);
        }
    }

    private static int NextDigit(ReadOnlySpan<byte> text, int at)
    {
        for (var i = at; i < Math.Min(text.Length, at + 3); i++)
        {
            if (Characters.IsDigit(text[i]))
                return i;
        }
        return text.Length;
    }

    private bool TryFindNumber(ReadOnlySpan<byte> text, in DigitGroups groups, ContextHints hints, out Finding finding)
    {
        finding = default;
        if (!BeginsNumber(text, groups.Start))
            return false;
        if (Enabled.Contains(Detector.CreditCard) && CreditCard.TryFind(text, groups, hints, out finding) && finding.Score >= minimumScore)
            return true;
        if (Enabled.Contains(Detector.UsSsn) && UsSsn.TryFind(text, groups, hints, out finding) && finding.Score >= minimumScore)
            return true;
        return Enabled.Contains(Detector.PhoneNumber) && PhoneNumber.TryFindNational(text, groups, hints, out finding);
    }

    /// <summary>False inside of a fraction, a word, an amount or what a sign makes part of something longer.</summary>
    private static bool BeginsNumber(ReadOnlySpan<byte> text, int start)
    {
        var before = Characters.At(text, start - 1);
        if (Characters.IsLetterOrDigit(before) || before is (byte)'_' or (byte)'$' or (byte)'@')
            return false;
        return before is not ((byte)'.' or (byte)'-' or (byte)'/' or (byte)':' or (byte)',') || !Characters.IsLetterOrDigit(Characters.At(text, start - 2))
            || before == ':' && Characters.IsLetter(text[start - 2]) || before == ',';
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindBehindPluses(ReadOnlySpan<byte> text, int block, ulong pluses, ref State state)
    {
        for (; pluses != 0; pluses &= pluses - 1)
        {
            if (!PhoneNumber.TryFindInternational(text, block + BitOperations.TrailingZeroCount(pluses), out var finding))
                continue;
            Add(finding, ref state);
            state.NumbersSeen = Math.Max(state.NumbersSeen, finding.End);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindDottedAddresses(ReadOnlySpan<byte> text, int block, ulong dots, ulong valid, ref State state)
    {
        var second = dots & (dots >> 2 | dots >> 3 | dots >> 4);
        var third = second & (second >> 2 | second >> 3 | second >> 4) & valid;
        for (; third != 0 && Enabled.Contains(Detector.IpAddress); third &= third - 1)
        {
            if (IpAddress.TryFindV4(text, block + BitOperations.TrailingZeroCount(third), out var finding))
                Add(finding, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindHardwareAddresses(ReadOnlySpan<byte> text, int block, ulong separators, ref State state)
    {
        for (; separators != 0; separators &= separators - 1)
        {
            if (MacAddress.TryFind(text, block + BitOperations.TrailingZeroCount(separators), out var finding))
                Add(finding, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindAccounts(ReadOnlySpan<byte> text, int block, ulong starts, ref State state)
    {
        for (; starts != 0; starts &= starts - 1)
        {
            if (IbanCode.TryFind(text, block + BitOperations.TrailingZeroCount(starts), out var finding))
                Add(finding, ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindAroundSigns(ReadOnlySpan<byte> text, int block, in Block bytes, ulong digits, ulong valid, ref State state)
    {
        for (var ats = bytes.Equal((byte)'@') & valid; ats != 0; ats &= ats - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(ats);
            if (Enabled.Contains(Detector.UrlWithCredentials) && UrlWithCredentials.TryFind(text, at, out var url))
                Add(url, ref state);
            else if (Enabled.Contains(Detector.EmailAddress) && EmailAddress.TryFind(text, at, out var address))
                Add(address, ref state);
        }
        var colons = bytes.Equal((byte)':');
        if (Enabled.Overlaps(SecretDetectors))
        {
            // A colon between digits is a time's, before a slash a URL's.
            var signs = (colons & ~(digits << 1 & digits >> 1) | bytes.Equal((byte)'=')) & valid;
            for (; signs != 0; signs &= signs - 1)
            {
                if (SecretByContext.TryFind(text, block + BitOperations.TrailingZeroCount(signs), out var secret) && Enabled.Contains(secret.Detector))
                    Add(secret, ref state);
            }
        }
        var doubled = colons & colons >> 1;
        var second = colons & (colons >> 2 | colons >> 3 | colons >> 4 | colons >> 5);
        if (doubled == 0 && second == 0)
            return;
        // Four colons in a row with no more than four bytes between one and the next.
        var third = second & (second >> 2 | second >> 3 | second >> 4 | second >> 5);
        var fourth = third & (third >> 2 | third >> 3 | third >> 4 | third >> 5) & valid;
        FindColonAddresses(text, block, fourth, doubled & valid, ref state);
    }

    private void FindColonAddresses(ReadOnlySpan<byte> text, int block, ulong chains, ulong doubled, ref State state)
    {
        for (; chains != 0; chains &= chains - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(chains);
            if (at < state.ColonsSeen)
                continue;
            if (Enabled.Contains(Detector.MacAddress) && MacAddress.TryFind(text, at, out var finding)
                || Enabled.Contains(Detector.IpAddress) && IpAddress.TryFindV6(text, at, out finding))
            {
                Add(finding, ref state);
                state.ColonsSeen = finding.End;
            }
        }
        for (; doubled != 0 && Enabled.Contains(Detector.IpAddress); doubled &= doubled - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(doubled);
            if (at >= state.ColonsSeen && IpAddress.TryFindV6(text, at, out var finding))
            {
                Add(finding, ref state);
                state.ColonsSeen = finding.End;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindWords(ReadOnlySpan<byte> text, int block, ulong starts, ref State state)
    {
        if (!Enabled.Overlaps(WordDetectors))
            return;
        for (; starts != 0; starts &= starts - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(starts);
            if (at >= state.WordsSeen && TryFindWord(text, at, out var finding) && Enabled.Contains(finding.Detector))
            {
                Add(finding, ref state);
                state.WordsSeen = finding.End;
            }
        }
    }

    private static bool TryFindWord(ReadOnlySpan<byte> text, int at, out Finding finding)
    {
        finding = default;
        // The first letters tell nearly all words apart from tokens, and so does a sign before them.
        switch (text[at])
        {
            case (byte)'e' when text[at + 1] == 'y':
                return Jwt.TryFind(text, at, out finding);
            case (byte)'A' when text[at + 1] is (byte)'K' or (byte)'S' or (byte)'B' or (byte)'C' or (byte)'3':
                return AwsCredentials.TryFind(text, at, Characters.WordLength(text, at), out finding);
            case (byte)'A' when text[at + 1] == 'I':
            case (byte)'G' when text[at + 1] == 'O':
                return GcpCredentials.TryFind(text, at, Characters.WordLength(text, at), out finding);
            case (byte)'g' when text[at + 1] is (byte)'h' or (byte)'i':
                return GitHubToken.TryFind(text, at, Characters.WordLength(text, at), out finding);
            case (byte)'x':
                return SlackToken.TryFind(text, at, Characters.WordLength(text, at), out finding);
            case (byte)'s' or (byte)'r' when text[at + 1] == 'k':
            case (byte)'w' when text[at + 1] == 'h':
                return StripeKey.TryFind(text, at, Characters.WordLength(text, at), out finding);
            case (byte)'1' or (byte)'3':
            case (byte)'0' when text[at + 1] is (byte)'x' or (byte)'X':
            case (byte)'b' or (byte)'B' or (byte)'t' or (byte)'T' when text[at + 2] == '1':
                return CryptoAddress.TryFind(text, at, Characters.WordLength(text, at), out finding);
        }
        return Characters.At(text, at - 1) switch
        {
            (byte)'.' => GcpCredentials.TryFind(text, at, Characters.WordLength(text, at), out finding),
            (byte)'~' => AzureCredentials.TryFind(text, at, out finding),
            (byte)'/' => SlackToken.TryFind(text, at, Characters.WordLength(text, at), out finding),
            _ => false,
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindKeys(ReadOnlySpan<byte> text, int block, ulong dashes, ulong valid, ref State state)
    {
        if (!Enabled.Contains(Detector.PrivateKey))
            return;
        var five = dashes & dashes >> 1 & dashes >> 2 & dashes >> 3 & dashes >> 4 & ~(dashes >> 5) & valid;
        for (; five != 0; five &= five - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(five);
            if (at >= state.KeysSeen && PrivateKey.TryFind(text, at, out var finding))
            {
                Add(finding, ref state);
                state.KeysSeen = finding.End;
            }
        }
    }

    /// <summary>A value whose name says that it is a password or a token is one as a whole.</summary>
    private void ScanNamed(ReadOnlySpan<byte> text, ContextHints hints, FindingBuffer findings)
    {
        if ((hints & (ContextHints.Password | ContextHints.Token)) == 0 || !Enabled.Contains(Detector.Secret))
            return;
        var score = SecretByContext.Score(text, hints);
        if (score >= minimumScore && score > 0)
            findings.Add(new(0, text.Length, Detector.Secret, score));
    }

    private void Add(Finding finding, ref State state)
    {
        if (finding.Score < minimumScore)
            return;
        state.End = Math.Max(state.End, finding.End);
        state.Findings.Add(finding);
    }

    /// <summary>What one scan remembers.</summary>
    private ref struct State
    {
        public ContextHints Hints;
        public FindingBuffer Findings;

        // Before these nothing more of a kind is looked for: it was looked at.
        public int NumbersSeen;
        public int ColonsSeen;
        public int WordsSeen;
        public int KeysSeen;

        /// <summary>Where the last finding ends.</summary>
        public int End;
    }
}
