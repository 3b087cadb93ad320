using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Looks into text of which it is not known what column it comes from: errors, notices, notifications, the data of a COPY. So it may come from any that a rule covers.
/// What is found becomes stars where it stands, whatever the rule says of whole values: no length changes.
/// </summary>
public sealed class PassingDetection(StatementJudge judge, SessionContext context, SessionDetection session)
{
    private IReadOnlyList<DetectionRule>? _rules;
    private DetectionRule? _rule;
    private DetectionMask? _mask;
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
        _rule = DetectionRule.Find(rules, column: null, context.Principal) is { } rule ? rule with { Mask = DetectionMaskKind.Span } : null;
        _mask = _rule is null ? null : new(_rule, TextStructure.Plain, default);
        _windows = null;
    }
}
