using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Rewriting;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Looks into text of which it is not known what column it comes from: messages of errors, what an OK packet tells, names of columns. So it may come from any that a rule
/// covers. What is found becomes stars where it stands, whatever the rule says of whole values: no length changes.
/// </summary>
public sealed class PassingDetection(StatementJudge judge, RelayState state, SessionContext context, SessionDetection session)
{
    private readonly MaskOutput _narrow = new();
    private IReadOnlyList<DetectionRule>? _rules;
    private DetectionRule? _rule;
    private DetectionMask? _mask;

    /// <summary>True when text is looked into at all.</summary>
    public bool IsInForce
    {
        get
        {
            Follow();
            return _rule is not null;
        }
    }

    /// <summary>Looks into the message of an ERR packet.</summary>
    public void ApplyError(Span<byte> payload)
    {
        if (IsInForce && ErrPacket.TryParse(payload, out var error))
            Apply(payload[^error.Message.Length..]);
    }

    /// <summary>Looks into a packet that is no row and no error, as far as it holds text.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="phase">What was expected of the answer when it came.</param>
    /// <param name="payload">The packet's payload.</param>
    public void ApplyStatus(Request request, AnswerPhase phase, Span<byte> payload)
    {
        if (!IsInForce)
            return;
        if (request.Kind is AnswerKind.Results or AnswerKind.Prepared && phase is AnswerPhase.Columns or AnswerPhase.Parameters)
            ApplyNames(payload, request.Statement is { } statement ? statement.Text : []);
        else if (request.Kind is AnswerKind.Status or AnswerKind.Results or AnswerKind.Rows)
            ApplyOk(payload);
    }

    /// <summary>What the server says for people, and the values of system variables that changed.</summary>
    private void ApplyOk(Span<byte> payload)
    {
        if (!OkPacket.TryParse(payload, context.Capabilities, out var ok))
            return;
        ApplyPart(payload, ok.Info);
        var changes = new SessionStateReader(ok.SessionState);
        while (changes.MoveNext())
        {
            if (changes.Type != SessionStateType.SystemVariables)
                continue;
            var reader = new PayloadReader(changes.Data);
            while (reader.TryReadLengthEncodedBytes(out _) && reader.TryReadLengthEncodedBytes(out var value))
                ApplyPart(payload, value);
        }
    }

    /// <summary>
    /// A column that is computed is called by its expression. What stands in the client's own text tells it nothing; text that the server put together (EXECUTE of what stands in a
    /// variable) may hold values.
    /// </summary>
    private void ApplyNames(Span<byte> payload, ReadOnlySpan<byte> text)
    {
        if (!ColumnDefinition41.TryParse(payload, out var column))
            return;
        ApplyName(payload, column.Name, text);
        ApplyName(payload, column.OriginalName, text);
        ApplyName(payload, column.Table, text);
        ApplyName(payload, column.OriginalTable, text);
    }

    private void ApplyName(Span<byte> payload, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (name.Length >= Scanner.ShortestFinding && text.IndexOf(name) < 0)
            ApplyPart(payload, name);
    }

    private void ApplyPart(Span<byte> payload, ReadOnlySpan<byte> part)
    {
        if (((ReadOnlySpan<byte>)payload).Overlaps(part, out var offset))
            Apply(payload.Slice(offset, part.Length));
    }

    private void Apply(Span<byte> text)
    {
        var scratch = session.ScratchOf(_rule!);
        // Messages are in the session's character set: in UTF-16 and UTF-32 they have zero bytes.
        if (!text.Contains((byte)0))
        {
            _mask!.Apply(text, scratch);
            return;
        }
        WideText.WithoutZeros(text, _narrow);
        if (_mask!.Apply(_narrow.Written, scratch) != DetectionOutcome.Unchanged)
            TextRedaction.Redact(text);
        _narrow.Clear();
    }

    private void Follow()
    {
        var rules = judge.Detection;
        if (ReferenceEquals(rules, _rules))
            return;
        _rules = rules;
        _rule = DetectionRule.Find(rules, column: null, state.Principal) is { } rule ? rule with { Mask = DetectionMaskKind.Span } : null;
        _mask = _rule is null ? null : new(_rule, TextStructure.Plain, default);
    }
}
