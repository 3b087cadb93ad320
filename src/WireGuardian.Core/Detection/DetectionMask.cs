using WireGuardian.Core.Detection.Scanning;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Detection;

/// <summary>
/// Looks for sensitive values in those of one column, and masks them. Made once per column; holds nothing that changes, so any number of sessions may use it. Total:
/// whatever bytes come, it throws nothing and leaves lengths as they are.
/// </summary>
public sealed class DetectionMask
{
    private readonly Scanner _scanner;

    // Finds all that names and words could make count: where it finds nothing, no structure need be read.
    private readonly Scanner _anything;
    private readonly TextStructure _structure;
    private readonly ContextHints _hints;
    private readonly bool _whole;
    private readonly bool _observe;

    /// <param name="rule">The rule that covers the column.</param>
    /// <param name="structure">What its values are.</param>
    /// <param name="columnName">Its name in UTF-8, which may say what its values are; empty where there is none.</param>
    public DetectionMask(DetectionRule rule, TextStructure structure, ReadOnlySpan<byte> columnName)
    {
        _scanner = new(rule.Detectors, rule.MinimumScore);
        _anything = new(rule.Detectors, 1);
        _structure = structure;
        _hints = ContextWords.InName(columnName);
        _whole = rule.Mask == DetectionMaskKind.Value;
        _observe = rule.Observe;
    }

    /// <summary>Looks at one value, and masks it where it stands unless the rule says otherwise.</summary>
    /// <param name="value">UTF-8 text, as the server spells it: of jsonb in binary without the byte of its version.</param>
    /// <param name="scratch">The session's.</param>
    public DetectionOutcome Apply(Span<byte> value, DetectionScratch scratch)
    {
        if (value.Length < Scanner.ShortestFinding && !IsNamedSecret(_hints))
            return DetectionOutcome.Unchanged;
        var found = _structure switch
        {
            TextStructure.Json or TextStructure.Array or TextStructure.Hstore => ApplyStructured(value, _structure, scratch),
            TextStructure.Xml when value.Contains((byte)'&') => ApplySpelled(value, Escaping.References, _hints, scratch),
            TextStructure.Plain when value is [(byte)'{' or (byte)'[' or (byte)' ' or (byte)'\n', ..] && JsonText.IsDocument(value) => ApplyStructured(value, TextStructure.Json, scratch),
            _ => ApplyPlain(value, _hints, scratch) | (LooksLikeJson(value) && ApplyStructured(value, TextStructure.Json, scratch)),
        };
        if (!found || _observe)
            return DetectionOutcome.Unchanged;
        return _whole ? DetectionOutcome.MaskWhole : DetectionOutcome.SpansMasked;
    }

    private static bool IsNamedSecret(ContextHints hints) => (hints & (ContextHints.Password | ContextHints.Token)) != 0;

    private static bool LooksLikeJson(ReadOnlySpan<byte> value) =>
        value is [(byte)'{' or (byte)'[', ..] && value.TrimEnd(" \r\n"u8) is [.., (byte)'}' or (byte)']'] && value.Contains((byte)'\\');

    private bool ApplyPlain(Span<byte> text, ContextHints hints, DetectionScratch scratch)
    {
        var any = false;
        for (var at = 0; at < text.Length;)
        {
            scratch.Findings.Clear();
            at = _scanner.Scan(text, at, hints, scratch.Findings);
            if (scratch.Findings.Count == 0)
                continue;
            any = true;
            scratch.Findings.Merge();
            scratch.Count(scratch.Findings.Findings);
            if (_observe || _whole)
                continue;
            foreach (var finding in scratch.Findings.Findings)
                TextRedaction.Redact(text.Slice(finding.Offset, finding.Length));
        }
        return any;
    }

    private bool ApplyStructured(Span<byte> text, TextStructure structure, DetectionScratch scratch)
    {
        // Most documents hold nothing: one look over all of it is quicker than one at each scalar.
        if (_hints == ContextHints.None && !text.Contains((byte)'\\') && IsClean(text, scratch))
            return false;
        var any = false;
        var hints = _hints;
        var reader = new ScalarReader(text, structure);
        while (reader.TryRead(out var scalar))
        {
            var spelled = text.Slice(scalar.Start, scalar.Length);
            if (scalar.Kind == ScalarKind.Number)
                any |= ApplyNumber(spelled, hints, scratch);
            else if (scalar.Escaping == Escaping.None)
                any |= ApplyPlain(spelled, scalar.Kind == ScalarKind.Key ? ContextHints.None : hints, scratch);
            else
                any |= ApplySpelled(spelled, scalar.Escaping, scalar.Kind == ScalarKind.Key ? ContextHints.None : hints, scratch);
            if (scalar.Kind == ScalarKind.Key)
                hints = _hints | ContextWords.InName(spelled);
        }
        return any;
    }

    private bool IsClean(ReadOnlySpan<byte> text, DetectionScratch scratch)
    {
        scratch.Findings.Clear();
        return _anything.Scan(text, 0, ContextHints.None, scratch.Findings) == text.Length && scratch.Findings.Count == 0;
    }

    /// <summary>A number in which something is found becomes 0, with blanks for the rest of its digits: JSON has no number with a zero before others.</summary>
    private bool ApplyNumber(Span<byte> number, ContextHints hints, DetectionScratch scratch)
    {
        if (number.Length < Scanner.ShortestFinding)
            return false;
        scratch.Findings.Clear();
        _scanner.Scan(number, 0, hints & ~(ContextHints.Password | ContextHints.Token), scratch.Findings);
        if (scratch.Findings.Count == 0)
            return false;
        scratch.Findings.Merge();
        scratch.Count(scratch.Findings.Findings);
        if (_observe || _whole)
            return true;
        number.Fill((byte)' ');
        number[0] = (byte)'0';
        return true;
    }

    private bool ApplySpelled(Span<byte> spelled, Escaping escaping, ContextHints hints, DetectionScratch scratch)
    {
        var any = false;
        var end = -1;
        while (end < scratch.Spelled.Length)
        {
            // Stars are more than what they stand for where that was escaped, so places are told anew after each change.
            scratch.Spelled.Clear();
            SpelledText.Spell(spelled, escaping, scratch.Spelled);
            scratch.Findings.Clear();
            end = _scanner.Scan(scratch.Spelled.Written, Math.Max(0, _observe || _whole ? end : 0), hints, scratch.Findings);
            if (scratch.Findings.Count == 0)
                continue;
            any = true;
            scratch.Findings.Merge();
            scratch.Count(scratch.Findings.Findings);
            if (!_observe && !_whole)
                SpelledText.Redact(spelled, escaping, scratch.Findings.Findings);
        }
        return any;
    }
}
