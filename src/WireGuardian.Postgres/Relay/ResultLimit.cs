using System.Globalization;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// How much of a statement's result may pass: by its rule, beyond which an operator is asked, and by the number of rows for which it was approved, beyond which
/// it ends. Counts over all results of a Query, and over all runs of a portal. There is none where nothing is limited.
/// </summary>
public sealed class ResultLimit
{
    private ApprovalRule? _rule;
    private long? _granted;
    private long _rows;
    private long _bytes;

    private ResultLimit(StatementAtGate statement, ApprovalRule? rule)
    {
        (Statement, _rule, _granted, RequestId) = (statement, rule, statement.MaxRows, statement.RequestId);
        RuleName = (statement.MaxRows is null ? rule : statement.Judgement?.Verdict.Rule)?.Name ?? "";
    }

    /// <summary>The statement whose result it is, as it passed the gate.</summary>
    public StatementAtGate Statement { get; }

    /// <summary>The rule by which it is limited, or under which it was approved for so many rows.</summary>
    public string RuleName { get; private set; }

    /// <summary>The request under which it was approved for so many rows; empty for none.</summary>
    public string RequestId { get; private set; }

    /// <summary>The ErrorResponse in place of the rest; null while it has not ended.</summary>
    public byte[]? Refusal { get; private set; }

    /// <summary>True when nothing more of the result passes.</summary>
    public bool IsEnded => Refusal is not null;

    /// <summary>True once the client has the error for the request under way; what of a Query comes behind it is not for the client.</summary>
    public bool IsTold { get; set; }

    /// <summary>The rule by which an operator is to be asked for the row that waits; null where the result ends without asking.</summary>
    public ApprovalRule? Asks => _rows >= _granted ? null : _rule;

    /// <summary>The limit of a statement that has passed the gate; null for none.</summary>
    public static ResultLimit? For(StatementAtGate statement)
    {
        var rule = statement.Judgement!.Verdict.LimitedBy;
        return rule is null && statement.MaxRows is null ? null : new(statement, rule);
    }

    /// <summary>True when a row (DataRow, CopyData) of so many bytes would be beyond the limit.</summary>
    public bool IsPassedBy(int bytes) => _rows >= _granted || (_rule is not null && (PassesRows || _bytes + bytes > _rule.MaxBytes));

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
            : string.Create(CultureInfo.InvariantCulture, $"The result has more than {_rule!.MaxBytes} bytes (maxBytes), {_rows} rows of it were sent.");

    /// <summary>An operator lets it go on.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="maxRows">The most rows in all, those already sent included; null leaves what was granted before.</param>
    public void Lift(string requestId, long? maxRows)
    {
        if (maxRows is not null)
            (RequestId, RuleName, _granted) = (requestId, _rule?.Name ?? "", maxRows);
        _rule = null;
    }

    /// <summary>The rest does not pass.</summary>
    /// <param name="refusal">The ErrorResponse for the client.</param>
    public void End(byte[] refusal) => Refusal = refusal;

    // Where an operator has said how many rows there may be, that holds in place of the rule's.
    private bool PassesRows => _granted is null && _rows >= _rule?.MaxRows;
}
