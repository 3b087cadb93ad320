using WireGuardian.Core.Audit;
using WireGuardian.Core.Labels;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;

namespace WireGuardian.Postgres.Session;

/// <summary>Labels the columns to which a statement copies masked values, before it is sent: in the store, and on record.</summary>
internal sealed class LabellingPhase(SessionServices services, SessionContext context, PostgresRelay relay)
{
    /// <summary>A statement for which labels lead to labels more often than this is none that anybody would write.</summary>
    private const int MostRounds = 16;

    /// <summary>Null once the labels are in force; otherwise why they are not, in a sentence.</summary>
    /// <param name="statement">The statement at the gate, which let it pass.</param>
    /// <param name="gated">The same for records.</param>
    /// <param name="cancellationToken">The session ends.</param>
    public async Task<string?> LabelAsync(StatementAtGate statement, GatedStatement gated, CancellationToken cancellationToken)
    {
        if (++statement.Labellings > MostRounds)
            return "What it copies does not come to an end.";
        var origin = new LabelOrigin(context.Principal.Login, Convert.ToHexStringLower(statement.Digest()), statement.RequestId);
        try
        {
            var labels = await context.Catalog!.LabelAsync(statement.Judgement!.Labels, origin, cancellationToken);
            foreach (var label in labels)
                await services.Audit.AppendDurableAsync(ToRecord(label, gated), cancellationToken);
            lock (relay)
            {
                relay.State.OpenLabels.AddRange(labels.Where(label => label.Column.IsPending));
                relay.State.LabellingCatalog = context.Catalog;
            }
            return null;
        }
        catch (Exception exception) when (exception is LabelStoreException or AuditUnavailableException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "The session ends.";
        }
    }

    private AuditRecord ToRecord(ColumnLabel label, GatedStatement gated) => Gate.ToRecord(gated, services.Time) with
    {
        Event = AuditEvents.Label,
        RequestId = label.RequestId,
        Digest = label.Digest,
        Decision = "label",
        Rule = string.Join(", ", label.Column.Rules),
        Detail = $"Label {label.Id}: {label.Column.FullName} is masked {(label.Column.IsDerived ? "as a whole" : "like its origin")}"
            + (label.Column.Sources.Count > 0 ? $", for it gets values of {string.Join(", ", label.Column.Sources)}." : "."),
    };
}
