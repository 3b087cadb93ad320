using System.Runtime.CompilerServices;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Auditing;

/// <summary>The records of an export, put together again where a statement came in parts.</summary>
internal static class ExportStream
{
    /// <param name="server">The server.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="call">Its deadline is not for the whole export: there is none.</param>
    /// <param name="progress">Told how far the trail was looked through.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<AuditRecord> ReadAsync(
        ControlPlaneClient server, ExportAuditRequest request, CallOptions call, ExportProgress progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AuditRecord? last = null;
        await foreach (var message in server.ExportAuditAsync(request, call).WithCancellation(cancellationToken))
        {
            // The last one may go on in the next message.
            if (last is not null)
            {
                last.Statement += message.StatementContinued;
                if (message.Records.Count > 0 || message.StatementContinued.Length == 0)
                {
                    yield return last;
                    last = null;
                }
            }
            for (var index = 0; index < message.Records.Count; index++)
            {
                if (index + 1 == message.Records.Count)
                    last = message.Records[index];
                else
                    yield return message.Records[index];
            }
            progress.Looked(message.LookedTo, message.End);
        }
        if (last is not null)
            yield return last;
    }
}
