using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;

namespace WireGuardian.ControlPlane.Tests.Hosting;

internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static ApprovalRequest Request(string id, string user = "ana") => new()
    {
        Id = id,
        State = ApprovalState.Pending,
        Listener = "app-pg",
        Protocol = "postgres",
        User = user,
        Database = "shop",
        Client = "192.0.2.7",
        Application = "psql",
        Statement = "DELETE FROM people WHERE id = ?",
        Kinds = StatementKinds.Delete | StatementKinds.Explain,
        Relations = ["public.people"],
        Rule = "writes",
        Reason = "Rule writes holds delete.",
        Digest = new string('a', 64),
        CreatedAt = Noon,
        ExpiresAt = Noon.AddMinutes(10),
        Approvers = ["dba"],
    };

    public static AuditRecord Record(string @event, string requestId = "") => new()
    {
        Time = Noon,
        Event = @event,
        RequestId = requestId,
        Principal = "ana",
        Client = "192.0.2.7",
        Listener = "app-pg",
        Database = "shop",
        Statement = "DELETE FROM people WHERE id = ?",
        Kinds = StatementKinds.Delete,
        Decision = "hold",
        Rule = "writes",
    };
}
