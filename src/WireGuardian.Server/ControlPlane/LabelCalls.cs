using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Labels;
using Record = WireGuardian.Core.Audit.AuditRecord;

namespace WireGuardian.Server.ControlPlane;

/// <summary>The calls of control.proto over the labels.</summary>
internal sealed class LabelCalls(LabelBook book, IAuditLog audit, TimeProvider time)
{
    /// <param name="size">Bytes of the answer.</param>
    public ListLabelsResponse List(int size)
    {
        var response = new ListLabelsResponse();
        var remembered = book.Bindings.All.Where(binding => binding.IsRemembered).OrderBy(binding => binding.Since).ThenBy(binding => binding.Present.ToString(), StringComparer.Ordinal);
        foreach (var listed in book.All.Select(WireTypes.ToWire).Concat(remembered.Select(WireTypes.ToWire)))
        {
            size -= listed.CalculateSize() + 8;
            if (size < 0)
            {
                response.Truncated = true;
                break;
            }
            response.Labels.Add(listed);
        }
        return response;
    }

    /// <summary>It is on record before it is done.</summary>
    public async Task<RemoveLabelResponse> RemoveAsync(string id, string operatorName, string reason, CancellationToken cancellationToken)
    {
        var label = book.All.FirstOrDefault(label => label.Id == id) ?? throw Unknown();
        try
        {
            await audit.AppendDurableAsync(
                new Record
                {
                    Time = time.GetUtcNow(),
                    Event = AuditEvents.LabelRemoved,
                    Operator = operatorName,
                    Listener = label.Listener,
                    Database = label.Database,
                    RequestId = label.RequestId,
                    Rule = string.Join(", ", label.Column.Rules),
                    Digest = label.Digest,
                    Decision = "remove",
                    Detail = $"Label {label.Id} of {label.Column.FullName}: {reason}",
                },
                cancellationToken);
            return new RemoveLabelResponse { Label = (book.Remove(id) ?? throw Unknown()).ToWire() };
        }
        catch (AuditUnavailableException unavailable)
        {
            throw new RpcException(StatusCode.Unavailable, "It cannot be recorded, so the label stays.", unavailable);
        }
        catch (LabelStoreException broken)
        {
            throw new RpcException(StatusCode.Unavailable, "The store of labels cannot be written, so the label stays.", broken);
        }
    }

    private static RpcException Unknown() => new(StatusCode.NotFound, "There is no label with this id.");
}
