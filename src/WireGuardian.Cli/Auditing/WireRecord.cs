using WireGuardian.Core.Statements;
using DomainRecord = WireGuardian.Core.Audit.AuditRecord;
using WireMessage = WireGuardian.ControlPlane.V1.AuditRecord;

namespace WireGuardian.Cli.Auditing;

/// <summary>A record as it came from a server, as the domain knows it.</summary>
internal static class WireRecord
{
    public static DomainRecord Read(WireMessage record) => new()
    {
        Time = record.Time?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch,
        Event = record.Event,
        RequestId = record.RequestId,
        Principal = record.Principal,
        Client = record.Client,
        Operator = record.Operator,
        Listener = record.Listener,
        Database = record.Database,
        Statement = record.Statement,
        Kinds = record.Kinds.Aggregate(StatementKinds.None, (kinds, name) => StatementKindNames.TryParse(name, out var kind) ? kinds | kind : kinds),
        Decision = record.Decision,
        Rule = record.Rule,
        Digest = record.Digest,
        Detail = record.Detail,
        Channel = record.Channel,
        PolicyVersion = record.PolicyVersion,
        Person = record.Person,
        Method = record.Method,
        Count = record.Count,
    };
}
