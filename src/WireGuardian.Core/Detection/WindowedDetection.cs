using WireGuardian.Core.Detection.Detectors;
using WireGuardian.Core.Detection.Scanning;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Values;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Detection;

/// <summary>
/// Masks what is found in a value that comes in pieces and is too large to be held: scans it in windows, of which the last bytes are held back until more has come, so that
/// whatever is not longer than these is seen whole. What begins in a window and goes on behind it is masked as it comes. Escapes of JSON are undone, keys are read as the
/// words before a value. Where the rule masks whole values, everything from the first finding on becomes stars: what went out before it is gone.
/// One value after another; not safe for several threads at once.
/// </summary>
public sealed class WindowedDetection
{
    /// <summary>Bytes that are held back: the longest thing that is sure to be found wherever windows meet.</summary>
    public const int Overlap = 4096;

    /// <summary>Bytes of a window, and so the most that is held.</summary>
    public const int WindowSize = 4 * Overlap;

    // The last line of a key that is cut in two must not be masked before it is seen to be one.
    private const int EndLineLength = 80;
    private const int LongestEscape = 12;

    private readonly Scanner _scanner;
    private readonly bool _isJson;
    private readonly bool _whole;
    private readonly bool _observe;
    private readonly byte[] _window = new byte[WindowSize];
    private int _length;

    // Where something goes on that began before, in the window that is filled now; -1 where nothing does.
    private int _openAt = -1;
    private bool _openKey;
    private bool _everything;

    /// <param name="rule">The rule that covers the column.</param>
    /// <param name="structure">What its values are.</param>
    public WindowedDetection(DetectionRule rule, TextStructure structure)
    {
        _scanner = new(rule.Detectors, rule.MinimumScore);
        _isJson = structure == TextStructure.Json;
        _whole = rule.Mask == DetectionMaskKind.Value;
        _observe = rule.Observe;
    }

    /// <summary>Takes the next piece of a value.</summary>
    /// <param name="piece">Bytes of any number.</param>
    /// <param name="isLast">The value ends with it; the next piece is of another value.</param>
    /// <param name="output">Gets the bytes that may go out. In all they are as many as came.</param>
    /// <param name="scratch">The session's.</param>
    public void Add(ReadOnlySpan<byte> piece, bool isLast, MaskOutput output, DetectionScratch scratch)
    {
        while (true)
        {
            var taken = Math.Min(piece.Length, _window.Length - _length);
            piece[..taken].CopyTo(_window.AsSpan(_length));
            _length += taken;
            piece = piece[taken..];
            var ends = isLast && piece.IsEmpty;
            if (_length == _window.Length || ends)
                Release(ends, output, scratch);
            if (piece.IsEmpty)
                break;
        }
        if (isLast)
            (_length, _openAt, _openKey, _everything) = (0, -1, false, false);
    }

    private void Release(bool ends, MaskOutput output, DetectionScratch scratch)
    {
        var window = _window.AsSpan(0, _length);
        var cut = ends ? _length : CutBefore(window, _length - Overlap);
        if (_everything)
            window.Fill((byte)'*');
        else
            Mask(window, cut, ends, scratch);
        output.Write(window[..cut]);
        window[cut..].CopyTo(_window);
        _length -= cut;
        if (_openAt >= 0)
            _openAt = Math.Max(0, _openAt - cut);
    }

    /// <summary>Not within an escape.</summary>
    private int CutBefore(ReadOnlySpan<byte> window, int cut)
    {
        if (!_isJson)
            return cut;
        var escape = window.Slice(cut - LongestEscape, LongestEscape).IndexOf((byte)'\\');
        return escape < 0 ? cut : cut - LongestEscape + escape;
    }

    private void Mask(Span<byte> window, int cut, bool ends, DetectionScratch scratch)
    {
        if (_openAt >= 0)
            MaskOpen(window, ends);
        var isSpelled = _isJson && window.Contains((byte)'\\');
        for (var at = 0; ;)
        {
            ReadOnlySpan<byte> text = window;
            var cutInText = cut;
            if (isSpelled)
            {
                scratch.Spelled.Clear();
                SpelledText.Spell(window[..cut], Escaping.Json, scratch.Spelled);
                cutInText = scratch.Spelled.Length;
                SpelledText.Spell(window[cut..], Escaping.Json, scratch.Spelled);
                text = scratch.Spelled.Written;
                at = 0;
            }
            scratch.Findings.Clear();
            var next = _scanner.Scan(text, at, ContextHints.None, scratch.Findings);
            scratch.Findings.Merge();
            var isDone = next >= text.Length || _observe && isSpelled;
            var taken = Take(scratch.Findings, text, cutInText, ends);
            scratch.Count(scratch.Findings.Findings[..taken]);
            if (taken > 0 && !_observe)
                Redact(window, scratch, taken, isSpelled);
            if (isDone || _everything)
                return;
            at = next;
        }
    }

    /// <summary>The findings that begin before the cut are this window's; the others are found again in the next, with what follows them.</summary>
    private int Take(FindingBuffer findings, ReadOnlySpan<byte> text, int cut, bool ends)
    {
        var taken = 0;
        var opensKey = false;
        foreach (ref readonly var finding in findings.Findings)
        {
            if (!ends && finding.Offset >= cut)
                break;
            taken++;
            if (ends || finding.End < text.Length || _openAt >= 0 || PrivateKey.IsWhole(text.Slice(finding.Offset, finding.Length)))
                continue;
            _openKey = opensKey = finding.Detector == Detector.PrivateKey;
            _openAt = _openKey ? _length - LongestEscape * EndLineLength : _length;
        }
        // Its last bytes may begin the end of the key, and are held back anyway.
        if (opensKey)
            findings.ShortenLast(taken, EndLineLength);
        return taken;
    }

    private void Redact(Span<byte> window, DetectionScratch scratch, int taken, bool isSpelled)
    {
        var findings = scratch.Findings.Findings[..taken];
        if (_whole)
        {
            _everything = true;
            window[findings[0].Offset..].Fill((byte)'*');
            return;
        }
        if (isSpelled)
        {
            SpelledText.Redact(window, Escaping.Json, findings, scratch.Spelled.Written);
            return;
        }
        foreach (var finding in findings)
        {
            var found = window.Slice(finding.Offset, finding.Length);
            // A number has to stay one; in quotes digits do no harm.
            if (_isJson && SpelledText.IsNumber(window, finding))
                found.Fill((byte)'1');
            else
                TextRedaction.Redact(found);
        }
    }

    /// <summary>Masks what goes on in this window.</summary>
    private void MaskOpen(Span<byte> window, bool ends)
    {
        var rest = window[_openAt..];
        var (end, isOver) = _openKey ? EndOfKey(rest, ends) : EndOfWord(rest);
        if (!_observe)
            rest[..end].Fill((byte)'*');
        _openAt = isOver ? -1 : _openAt + end;
    }

    private static (int End, bool IsOver) EndOfWord(ReadOnlySpan<byte> rest)
    {
        var end = 0;
        while (end < rest.Length && (Characters.IsWord(rest[end]) || rest[end] is (byte)'.' or (byte)'+' or (byte)'/' or (byte)'=' or (byte)'~'))
            end++;
        return (end, end < rest.Length);
    }

    private static (int End, bool IsOver) EndOfKey(ReadOnlySpan<byte> rest, bool ends)
    {
        var end = rest.IndexOf("-----END "u8);
        if (end < 0)
            return (ends ? rest.Length : Math.Max(0, rest.Length - EndLineLength), false);
        var label = rest[(end + "-----END "u8.Length)..];
        var afterLabel = label[..Math.Min(label.Length, PrivateKey.LongestLabel)].IndexOf("-----"u8);
        if (afterLabel >= 0)
            return (rest.Length - label.Length + afterLabel + 5, true);
        return label.Length < PrivateKey.LongestLabel && !ends ? (end, false) : (rest.Length - label.Length, true);
    }
}
