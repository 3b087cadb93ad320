using System.Numerics;
using System.Runtime.CompilerServices;
using WireGuardian.Core.Detection.Detectors;

namespace WireGuardian.Core.Detection.Scanning;

/// <summary>One scan of one text: asks the detectors at the places that a block gives them, a bit per place, and remembers what was looked at.</summary>
internal ref struct CandidateSearch
{
    private static readonly DetectorSet WordDetectors = DetectorSet.Of(
        Detector.Jwt, Detector.AwsCredentials, Detector.GcpCredentials, Detector.AzureCredentials, Detector.GitHubToken, Detector.SlackToken, Detector.StripeKey, Detector.Crypto);

    private static readonly DetectorSet NumberDetectors = DetectorSet.Of(Detector.PhoneNumber, Detector.CreditCard, Detector.UsSsn);

    private static readonly DetectorSet SecretDetectors = DetectorSet.Of(
        Detector.Secret, Detector.ConnectionString, Detector.AzureCredentials, Detector.AwsCredentials);

    // " / " and its like.
    private const int LongestSeparator = 3;

    private readonly ReadOnlySpan<byte> _text;
    private readonly DetectorSet _enabled;
    private readonly int _minimumScore;
    private readonly ContextHints _hints;
    private readonly FindingBuffer _findings;

    // Before these nothing more of a kind is looked for: it was looked at.
    private int _numbersSeen;
    private int _colonsSeen;
    private int _wordsSeen;
    private int _keysSeen;
    private int _secretsSeen;

    public CandidateSearch(ReadOnlySpan<byte> text, int start, DetectorSet enabled, int minimumScore, ContextHints hints, FindingBuffer findings)
    {
        _text = text;
        (_enabled, _minimumScore, _hints, _findings) = (enabled, minimumScore, hints, findings);
        _numbersSeen = _colonsSeen = _wordsSeen = _keysSeen = _secretsSeen = start;
    }

    /// <summary>Where the last finding ends.</summary>
    public int End { get; private set; }

    /// <param name="block">Where the block begins.</param>
    /// <param name="clusters">Where groups of digits begin.</param>
    /// <param name="digits">The block's digits.</param>
    /// <param name="letters">The block's letters.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindNumbers(int block, ulong clusters, ulong digits, ulong letters)
    {
        // Fewer digits within so many bytes are no number that a detector knows.
        const ulong window = 0x3FFF;
        const int fewestDigits = 9;
        if (!_enabled.Overlaps(NumberDetectors))
            return;
        for (; clusters != 0; clusters &= clusters - 1)
        {
            var at = BitOperations.TrailingZeroCount(clusters);
            if (BitOperations.PopCount(digits >> at & window) < fewestDigits || block + at < _numbersSeen)
                continue;
            // Digits that a letter follows are part of a word.
            var end = at + BitOperations.TrailingZeroCount(~(digits >> at));
            if (end >= Block.Size || (letters >> end & 1) == 0)
                FindInCluster(block + at);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindIsoDates(int block, ulong dates)
    {
        for (; dates != 0; dates &= dates - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(dates);
            if (_enabled.Contains(Detector.DateOfBirth) && DateOfBirth.TryFindIso(_text, at, _hints, out var finding))
                Add(finding);
            // Another number may follow the date, which would hide where it begins.
            if (at + 11 >= _numbersSeen && Characters.IsDigit(Characters.At(_text, at + 11)) && _enabled.Overlaps(NumberDetectors))
                FindInCluster(at + 11);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindYears(int block, ulong years)
    {
        if (!_enabled.Contains(Detector.DateOfBirth))
            return;
        for (; years != 0; years &= years - 1)
        {
            if (DateOfBirth.TryFindBeforeYear(_text, block + BitOperations.TrailingZeroCount(years), _hints, out var finding))
                Add(finding);
        }
    }

    /// <summary>Goes on with groups of digits of which a full buffer held no more.</summary>
    public void ContinueCluster(int start)
    {
        var at = NextDigit(start);
        if (at < _text.Length && _enabled.Overlaps(NumberDetectors))
            FindInCluster(at);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindInCluster(int start)
    {
        // Each group may begin what the group before it did not. There may be more of them than the buffer holds: the next call goes on with them.
        while (start < _text.Length && Characters.IsDigit(_text[start]) && _findings.HasRoomForBlock)
        {
            if (!BeginsNumber(start))
            {
                start = AfterDigits(start);
                continue;
            }
            var groups = DigitGroups.Read(_text, start);
            if (groups.Count == 0)
            {
                // A run of digits longer than any number.
                _numbersSeen = start + Characters.DigitsLength(_text, start);
                return;
            }
            var found = TryFindNumber(groups, out var finding);
            if (found)
                Add(finding);
            _numbersSeen = found && finding.Score >= _minimumScore ? finding.End : groups.EndOf(1);
            if (groups.Count == 1 || (found && finding.Score >= _minimumScore && finding.End >= groups.EndOf(groups.Count)))
                return;
            start = found && finding.Score >= _minimumScore ? NextDigit(finding.End) : groups.OffsetOf(1);
        }
    }

    /// <summary>Where the next group begins, at most three bytes behind this one.</summary>
    private readonly int AfterDigits(int start) => NextDigit(start + Characters.DigitsLength(_text, start));

    private readonly int NextDigit(int at)
    {
        for (var i = at; i < Math.Min(_text.Length, at + LongestSeparator + 1); i++)
        {
            if (Characters.IsDigit(_text[i]))
                return i;
        }
        return _text.Length;
    }

    private readonly bool TryFindNumber(in DigitGroups groups, out Finding finding)
    {
        finding = default;
        if (_enabled.Contains(Detector.CreditCard) && CreditCard.TryFind(_text, groups, _hints, out finding) && finding.Score >= _minimumScore)
            return true;
        if (_enabled.Contains(Detector.UsSsn) && UsSsn.TryFind(_text, groups, _hints, out finding) && finding.Score >= _minimumScore)
            return true;
        return _enabled.Contains(Detector.PhoneNumber) && PhoneNumber.TryFindNational(_text, groups, _hints, out finding);
    }

    /// <summary>False inside of a fraction, a word, an amount or what a sign makes part of something longer.</summary>
    private readonly bool BeginsNumber(int start)
    {
        var before = Characters.At(_text, start - 1);
        if (Characters.IsLetterOrDigit(before) || before is (byte)'_' or (byte)'$' or (byte)'@')
            return false;
        return before is not ((byte)'.' or (byte)'-' or (byte)'/' or (byte)':' or (byte)',') || !Characters.IsLetterOrDigit(Characters.At(_text, start - 2))
            || before == ':' && Characters.IsLetter(_text[start - 2]) || before == ',';
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindBehindPluses(int block, ulong pluses)
    {
        if (!_enabled.Contains(Detector.PhoneNumber))
            return;
        for (; pluses != 0; pluses &= pluses - 1)
        {
            if (!PhoneNumber.TryFindInternational(_text, block + BitOperations.TrailingZeroCount(pluses), out var finding))
                continue;
            Add(finding);
            _numbersSeen = Math.Max(_numbersSeen, finding.End);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindDottedAddresses(int block, ulong dots, ulong valid)
    {
        var second = dots & (dots >> 2 | dots >> 3 | dots >> 4);
        var third = second & (second >> 2 | second >> 3 | second >> 4) & valid;
        for (; third != 0 && _enabled.Contains(Detector.IpAddress); third &= third - 1)
        {
            if (IpAddress.TryFindV4(_text, block + BitOperations.TrailingZeroCount(third), out var finding))
                Add(finding);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindHardwareAddresses(int block, ulong separators)
    {
        if (!_enabled.Contains(Detector.MacAddress))
            return;
        for (; separators != 0; separators &= separators - 1)
        {
            if (MacAddress.TryFind(_text, block + BitOperations.TrailingZeroCount(separators), out var finding))
                Add(finding);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindAccounts(int block, ulong starts)
    {
        if (!_enabled.Contains(Detector.IbanCode))
            return;
        for (; starts != 0; starts &= starts - 1)
        {
            if (IbanCode.TryFind(_text, block + BitOperations.TrailingZeroCount(starts), out var finding))
                Add(finding);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindAtSigns(int block, ulong ats)
    {
        for (; ats != 0; ats &= ats - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(ats);
            if (_enabled.Contains(Detector.UrlWithCredentials) && UrlWithCredentials.TryFind(_text, at, out var url))
                Add(url);
            else if (_enabled.Contains(Detector.EmailAddress) && EmailAddress.TryFind(_text, at, out var address))
                Add(address);
        }
    }

    /// <param name="block">Where the block begins.</param>
    /// <param name="signs">Where a key may end.</param>
    public void FindBehindKeys(int block, ulong signs)
    {
        if (!_enabled.Overlaps(SecretDetectors))
            return;
        for (; signs != 0; signs &= signs - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(signs);
            if (at < _secretsSeen || !SecretByContext.MayFollow(_text, at) || !SecretByContext.TryFind(_text, at, out var secret))
                continue;
            // Whose secret it is matters only to who asks for that.
            if (!_enabled.Contains(secret.Detector))
                secret = secret with { Detector = Detector.Secret };
            if (!_enabled.Contains(secret.Detector))
                continue;
            Add(secret);
            _secretsSeen = secret.Score >= _minimumScore ? secret.End : at;
        }
    }

    /// <param name="block">Where the block begins.</param>
    /// <param name="colons">The first of two or of several colons.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindColonAddresses(int block, ulong colons)
    {
        for (; colons != 0; colons &= colons - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(colons);
            if (at < _colonsSeen)
                continue;
            if ((_enabled.Contains(Detector.MacAddress) && MacAddress.TryFind(_text, at, out var finding))
                || (_enabled.Contains(Detector.IpAddress) && IpAddress.TryFindV6(_text, at, out finding)))
            {
                Add(finding);
            }
            // An address is all of a run of hex digits and colons or none of it.
            _colonsSeen = at;
            while (_colonsSeen < _text.Length && (Characters.IsHex(_text[_colonsSeen]) || _text[_colonsSeen] == ':'))
                _colonsSeen++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindWords(int block, ulong starts)
    {
        if (!_enabled.Overlaps(WordDetectors))
            return;
        for (; starts != 0; starts &= starts - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(starts);
            if (at >= _wordsSeen && TryFindWord(at, out var finding) && _enabled.Contains(finding.Detector))
            {
                Add(finding);
                _wordsSeen = finding.End;
            }
        }
    }

    private readonly bool TryFindWord(int at, out Finding finding)
    {
        finding = default;
        // The first letters tell nearly all words apart from tokens, and so does a sign before them.
        switch (_text[at])
        {
            case (byte)'e' when _text[at + 1] == 'y':
                return Jwt.TryFind(_text, at, out finding);
            case (byte)'A' when _text[at + 1] is (byte)'K' or (byte)'S' or (byte)'B' or (byte)'C' or (byte)'3':
                return AwsCredentials.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
            case (byte)'A' when _text[at + 1] == 'I':
            case (byte)'G' when _text[at + 1] == 'O':
                return GcpCredentials.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
            case (byte)'g' when _text[at + 1] is (byte)'h' or (byte)'i':
                return GitHubToken.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
            case (byte)'x':
                return SlackToken.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
            case (byte)'s' or (byte)'r' when _text[at + 1] == 'k':
            case (byte)'w' when _text[at + 1] == 'h':
                return StripeKey.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
            // Hashes in hex begin so too; base 58 has no 0.
            case (byte)'1' or (byte)'3' when _text.Slice(at, CryptoAddress.ShortestWord).Contains((byte)'0'):
                return false;
            case (byte)'1' or (byte)'3':
            case (byte)'0' when _text[at + 1] is (byte)'x' or (byte)'X':
            case (byte)'b' or (byte)'B' or (byte)'t' or (byte)'T' when _text[at + 2] == '1':
                return CryptoAddress.TryFind(_text, at, Characters.WordLength(_text, at), out finding);
        }
        return Characters.At(_text, at - 1) switch
        {
            (byte)'.' => GcpCredentials.TryFind(_text, at, Characters.WordLength(_text, at), out finding),
            (byte)'~' => AzureCredentials.TryFind(_text, at, out finding),
            (byte)'/' => SlackToken.TryFind(_text, at, Characters.WordLength(_text, at), out finding),
            _ => false,
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FindPrivateKeys(int block, ulong dashes, ulong valid)
    {
        if (!_enabled.Contains(Detector.PrivateKey))
            return;
        var five = dashes & dashes >> 1 & dashes >> 2 & dashes >> 3 & dashes >> 4 & ~(dashes >> 5) & valid;
        for (; five != 0; five &= five - 1)
        {
            var at = block + BitOperations.TrailingZeroCount(five);
            if (at >= _keysSeen && PrivateKey.TryFind(_text, at, out var finding))
            {
                Add(finding);
                _keysSeen = finding.End;
            }
        }
    }

    /// <summary>A value whose name says that it is a password or a token is one as a whole.</summary>
    public void FindNamed()
    {
        if ((_hints & (ContextHints.Password | ContextHints.Token)) == 0 || !_enabled.Contains(Detector.Secret))
            return;
        var score = SecretByContext.Score(_text, _hints);
        if (score > 0)
            Add(new(0, _text.Length, Detector.Secret, score));
    }

    private void Add(Finding finding)
    {
        if (finding.Score < _minimumScore)
            return;
        End = Math.Max(End, finding.End);
        _findings.Add(finding);
    }
}
