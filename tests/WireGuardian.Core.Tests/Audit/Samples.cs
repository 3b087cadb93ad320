using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Tests.Audit;

internal static class Samples
{
    public static AuditRecord Record(string statement = "DROP TABLE ?") => new()
    {
        Time = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.FromHours(2)),
        Event = AuditEvents.Statement,
        RequestId = "k3m9x2aa",
        Principal = "erin",
        Client = "127.0.0.1",
        Operator = "dana",
        Listener = "app-pg",
        Database = "shop",
        Statement = statement,
        Kinds = StatementKinds.Ddl | StatementKinds.Select,
        Decision = "allow",
        Rule = "schema-changes",
        Digest = "00ff",
        Detail = "Grüße €",
        Count = 3,
        Channel = "slack",
        PolicyVersion = "7",
        Person = "dana.k",
        Method = "certificate",
    };

    public static List<ChainedAuditRecord> Chain(int length)
    {
        var chain = new List<ChainedAuditRecord>();
        var head = AuditHead.Empty;
        for (var index = 0; index < length; index++)
        {
            chain.Add(AuditChain.Link(head, Record($"SELECT {index}")));
            head = new AuditHead(chain[^1].Sequence, chain[^1].Hash);
        }
        return chain;
    }
}
