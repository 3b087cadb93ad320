using System.Globalization;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>Audit records, one a line.</summary>
internal static class AuditTable
{
    public static Table Of(IEnumerable<AuditRecord> records)
    {
        var table = new Table(
            new Column("SEQ", 3), new Column("TIME", 20), new Column("EVENT", 9), new Column("WHO", 6), new Column("REQUEST", 7),
            new Column("DECISION", 8), new Column("WHAT", 12));
        foreach (var record in records)
        {
            table.Add(
                record.Sequence.ToString(CultureInfo.InvariantCulture), Moment.Readable(record.Time), record.Event,
                record.Operator.Length == 0 ? record.Principal : record.Method.Length == 0 ? record.Operator : $"{record.Operator} ({record.Method})", record.RequestId, record.Decision, What(record));
        }

        return table;
    }

    private static string What(AuditRecord record)
    {
        var what = record.Statement.Length > 0 ? record.Statement : record.Detail;
        return record.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{record.Count} × {what}") : what;
    }
}
