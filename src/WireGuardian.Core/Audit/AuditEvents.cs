namespace WireGuardian.Core.Audit;

/// <summary>The values of <see cref="AuditRecord.Event"/>.</summary>
public static class AuditEvents
{
    public const string Start = "start";
    public const string Stop = "stop";
    public const string Reload = "reload";
    public const string Login = "login";
    public const string LoginFailed = "login-failed";
    public const string Logout = "logout";

    /// <summary>A statement was let through or refused by policy without waiting.</summary>
    public const string Statement = "statement";
    public const string Hold = "hold";

    /// <summary>A statement that needs an approval, and whose connection does not wait, was sent again before it had one.</summary>
    public const string Resubmit = "resubmit";

    /// <summary>An operator approved (one of possibly several approvals).</summary>
    public const string Approve = "approve";

    /// <summary>An operator denied.</summary>
    public const string Deny = "deny";
    public const string Expire = "expire";
    public const string Withdraw = "withdraw";
    public const string Abandon = "abandon";

    /// <summary>An operator released a statement at once, with a reason, without the approvals that its rule asks for.</summary>
    public const string BreakGlass = "break-glass";

    /// <summary>An approved statement is about to be sent.</summary>
    public const string Release = "release";

    /// <summary>A result was ended because it had all the rows that its approval was for.</summary>
    public const string ResultEnded = "result-ended";

    /// <summary>An operator's decision was not counted.</summary>
    public const string DecisionRefused = "decision-refused";
    public const string OperatorRefused = "operator-refused";

    /// <summary>An operator was let in; the first time in an hour, by method and address.</summary>
    public const string OperatorLogin = "operator-login";
    public const string Cancel = "cancel";

    /// <summary>A canary was about to be sent to a client: its session was ended.</summary>
    public const string Canary = "canary";

    /// <summary>Detectors fired in what a session was sent: <see cref="AuditRecord.Detail"/> says which of them, and how often.</summary>
    public const string Detection = "detection";

    /// <summary>A key that signs receipts and checkpoints came into use; <see cref="AuditRecord.Digest"/> is its fingerprint.</summary>
    public const string SigningKey = "signing-key";

    /// <summary>Retention takes away the records up to a checkpoint: <see cref="AuditRecord.Digest"/> is the hash of the last of them.</summary>
    public const string Prune = "prune";

    /// <summary>A column is masked from now on, because masked values are copied to it.</summary>
    public const string Label = "label";

    /// <summary>An operator took a label away.</summary>
    public const string LabelRemoved = "label-removed";

    /// <summary>True for the events that make a receipt: an operator's decision that counted, and what became of the request.</summary>
    public static bool HasReceipt(string happened) => happened is Approve or Deny or BreakGlass or Release or Expire or Withdraw or Abandon;
}
