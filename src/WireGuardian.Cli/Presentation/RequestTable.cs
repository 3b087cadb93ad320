using System.Globalization;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>Requests, one a line.</summary>
internal static class RequestTable
{
    public static Table Of(IEnumerable<ApprovalRequest> requests, DateTimeOffset now)
    {
        var table = new Table(
            new Column("ID", 12), new Column("LEFT", 6), new Column("OK", 3), new Column("USER", 6), new Column("DATABASE", 8),
            new Column("KINDS", 8), new Column("ROWS", 4), new Column("STATEMENT", 16));
        foreach (var request in requests)
        {
            table.Add(
                request.Id, Left(request, now), $"{request.Approvals.Count(a => a.Approved)}/{request.Minimum}", request.User, request.Database,
                string.Join(',', request.Kinds), request.Context?.Plan is { HasRows: true } plan ? plan.Rows.ToString(CultureInfo.InvariantCulture) : "-",
                request.GlassIsBroken ? $"BREAK-GLASS {request.Statement}" : request.Statement);
        }

        return table;
    }

    private static string Left(ApprovalRequest request, DateTimeOffset now)
        => request.State == ApprovalState.Pending ? Moment.Left(request.ExpiresAt, now) : request.State.Name();
}
