using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Rewriting.Copy;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Looks into text of which it is not known what column it comes from: errors, notices, notifications, the data of a COPY. So it may come from any that a rule covers.
/// What is found becomes stars where it stands: no length changes. Only in the rows of a COPY it is known where values begin and end, for a rule that masks whole ones.
/// </summary>
public sealed class PassingDetection(StatementJudge judge, SessionContext context, SessionDetection session)
{
    private IReadOnlyList<DetectionRule>? _rules;
    private DetectionRule? _rule;
    private DetectionMask? _mask;

    /// <summary>Finds the values that are to be masked as wholes; null where the rule does not ask for that.</summary>
    private DetectionMask? _whole;
    private WindowedDetection? _windows;

    /// <summary>True when text is looked into at all.</summary>
    public bool IsInForce
    {
        get
        {
            Follow();
            return _rule is not null;
        }
    }

    /// <summary>True when what is found must not go out.</summary>
    public bool Masks => IsInForce && !_rule!.Observe;

    /// <summary>Looks into a text that is whole.</summary>
    public void Apply(Span<byte> text)
    {
        if (IsInForce)
            _mask!.Apply(text, session.ScratchOf(_rule!));
    }

    /// <summary>Looks into a row of a COPY that is whole.</summary>
    /// <param name="row">The data of a message.</param>
    /// <param name="copy">How they read; null where that is not known.</param>
    public void ApplyRow(Span<byte> row, CopyOut? copy)
    {
        if (!IsInForce || _whole is null || copy is null)
        {
            Apply(row);
            return;
        }
        while (row.Length > 0)
        {
            var value = CopyRow.NextValue(ref row, copy);
            if (_whole.Apply(value, session.ScratchOf(_rule!)) == DetectionOutcome.MaskWhole)
                TextRedaction.Redact(value);
        }
    }

    /// <summary>Looks into a message of a COPY in binary that is whole. What is no text may hold anything, and nothing else than what is found in it changes.</summary>
    public void ApplyBinaryRow(Span<byte> row)
    {
        if (!IsInForce || !BinaryCopyRow.TryBegin(ref row))
            return;
        while (BinaryCopyRow.TryNext(ref row, out var value))
        {
            // jsonb: the text stands behind its version.
            if (value is [1, (byte)'{' or (byte)'[', ..])
                value = value[1..];
            else if (_whole is not null && !value.ContainsAnyInRange((byte)0, (byte)8) && _whole.Apply(value, session.ScratchOf(_rule!)) == DetectionOutcome.MaskWhole)
                TextRedaction.Redact(value);
            Apply(value);
        }
    }

    /// <summary>Looks into the next piece of a text.</summary>
    public void ApplyPiece(ReadOnlySpan<byte> piece, bool isLast, MaskOutput output)
    {
        _windows ??= new(_rule!, TextStructure.Plain);
        _windows.Add(piece, isLast, output, session.ScratchOf(_rule!));
    }

    /// <summary>Looks into the texts of an ErrorResponse or NoticeResponse.</summary>
    /// <param name="body">Fields of a code and a C string.</param>
    public void ApplyFields(Span<byte> body)
    {
        while (IsInForce && body is [var code and not 0, ..])
        {
            var length = body[1..].IndexOf((byte)0);
            var value = length < 0 ? body[1..] : body.Slice(1, length);
            if (code is ErrorField.Message or ErrorField.Detail or ErrorField.Hint or ErrorField.Where or ErrorField.InternalQuery)
                Apply(value);
            body = body[Math.Min(body.Length, value.Length + 2)..];
        }
    }

    /// <summary>Looks into the payload of a NotificationResponse: what follows a number and the name of the channel.</summary>
    public void ApplyNotification(Span<byte> body)
    {
        if (body.Length <= sizeof(int))
            return;
        var rest = body[sizeof(int)..];
        Apply(rest[(rest.IndexOf((byte)0) + 1)..]);
    }

    private void Follow()
    {
        var rules = judge.Detection;
        if (ReferenceEquals(rules, _rules))
            return;
        _rules = rules;
        var asked = DetectionRule.Find(rules, column: null, context.Principal);
        _rule = asked is null ? null : asked with { Mask = DetectionMaskKind.Span };
        _mask = _rule is null ? null : new(_rule, TextStructure.Plain, default);
        _whole = asked is { Mask: DetectionMaskKind.Value, Observe: false } ? new(asked, TextStructure.Plain, default) : null;
        _windows = null;
    }
}
