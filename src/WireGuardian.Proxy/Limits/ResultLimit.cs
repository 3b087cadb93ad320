using System.Globalization;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Limits;

/// <summary>
/// How much of a statement's result may pass: by its rule, beyond which an operator is asked, and by the number of rows for which it was approved, beyond which
/// it ends. Counts over all results of a message, and over all runs of a portal or cursor. There is none where nothing is limited.
/// </summary>
/// <typeparam name="TStatement">A statement as its protocol has it.</typeparam>
public sealed class ResultLimit<TStatement>
{
    private ApprovalRule? _rule;
    private long? _granted;
    private long _rows;
    private long _bytes;
    private bool _isUnsure;

    /// <param name="statement">The statement whose result it is, as it passed the gate.</param>
    /// <param name="verdict">What policy says of it, with a rule that limits it or one that held it.</param>
    /// <param name="maxRows">The number of rows for which it was approved; null for no such condition.</param>
    /// <param name="requestId">The request under which it was; empty for none.</param>
    public ResultLimit(TStatement statement, Verdict verdict, long? maxRows, string requestId)
    {
        (Statement, _rule, _granted, RequestId) = (statement, verdict.LimitedBy, maxRows, requestId);
        RuleName = (maxRows is null ? verdict.LimitedBy : verdict.Rule)?.Name ?? "";
    }

    /// <summary>The statement whose result it is, as it passed the gate.</summary>
    public TStatement Statement { get; }

    /// <summary>The rule by which it is limited, or under which it was approved for so many rows.</summary>
    public string RuleName { get; private set; }

    /// <summary>The request under which it was approved for so many rows; empty for none.</summary>
    public string RequestId { get; private set; }

    /// <summary>The error in place of the rest, as the protocol has it; null while it has not ended.</summary>
    public byte[]? Refusal { get; private set; }

    /// <summary>True when nothing more of the result passes.</summary>
    public bool IsEnded => Refusal is not null;

    /// <summary>True once the client has the error for the request under way; what of a message comes behind it is not for the client.</summary>
    public bool IsTold { get; set; }

    /// <summary>The request for which it waited before an operator let it go on; null while it has not.</summary>
    public string? WaitedFor { get; private set; }

    /// <summary>The rule by which an operator is to be asked for the row that waits; null where the result ends without asking.</summary>
    public ApprovalRule? Asks => _rows >= _granted ? null : _rule;

    /// <summary>True when a row of so many bytes would be beyond the limit.</summary>
    /// <param name="bytes">What is known of its size, headers included.</param>
    /// <param name="isPart">There are more, and how many is not known before they come: it is beyond any number of bytes.</param>
    public bool IsPassedBy(int bytes, bool isPart = false)
    {
        _isUnsure = isPart;
        return _rows >= _granted || PassesRows || (isPart ? _rule?.MaxBytes is not null : _bytes + bytes > _rule?.MaxBytes);
    }

    /// <summary>A row passes.</summary>
    public void Count(int bytes)
    {
        _rows++;
        _bytes += bytes;
    }

    /// <summary>One sentence for operator and requester: what was reached.</summary>
    public string Reached => _rows >= _granted
        ? string.Create(CultureInfo.InvariantCulture, $"It was approved for at most {_granted} rows.")
        : PassesRows
            ? string.Create(CultureInfo.InvariantCulture, $"The result has more than {_rule!.MaxRows} rows (maxRows).")
            : _isUnsure
                ? string.Create(CultureInfo.InvariantCulture, $"The result may have more than {_rule!.MaxBytes} bytes (maxBytes), {_rows} rows of it were sent and the next is too large to be measured.")
                : string.Create(CultureInfo.InvariantCulture, $"The result has more than {_rule!.MaxBytes} bytes (maxBytes), {_rows} rows of it were sent.");

    /// <summary>An operator lets it go on.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="maxRows">The most rows in all, those already sent included; null leaves what was granted before.</param>
    public void Lift(string requestId, long? maxRows)
    {
        if (maxRows is not null)
            (RequestId, RuleName, _granted) = (requestId, _rule?.Name ?? "", maxRows);
        (WaitedFor, _rule) = (requestId, null);
    }

    /// <summary>The rest does not pass.</summary>
    /// <param name="refusal">The error for the client, as the protocol has it.</param>
    public void End(byte[] refusal) => Refusal = refusal;

    // Where an operator has said how many rows there may be, that holds in place of the rule's.
    private bool PassesRows => _granted is null && _rows >= _rule?.MaxRows;
}
