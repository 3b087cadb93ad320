using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Puts records into messages of a good size. A statement that is larger than a message goes in parts: nothing of the trail is left out.</summary>
internal sealed class AuditExportWriter(IServerStreamWriter<ExportAuditResponse> responses, ControlPlaneOptions options, long end)
{
    private ExportAuditResponse _message = new();
    private int _size;

    /// <summary>Sends a page of the trail, and how far it was looked through.</summary>
    public async Task WriteAsync(AuditPage page, CancellationToken cancellationToken)
    {
        foreach (var record in page.Records)
            await WriteAsync(record, cancellationToken);
        await SendAsync(page.LookedTo, cancellationToken);
    }

    private async Task WriteAsync(ChainedAuditRecord chained, CancellationToken cancellationToken)
    {
        var parts = Parts(chained.Record.Statement);
        var record = chained.ToWire();
        record.Statement = parts[0];
        _message.Records.Add(record);
        _size += record.CalculateSize();
        foreach (var part in parts.Skip(1))
        {
            await SendAsync(chained.Sequence - 1, cancellationToken);
            _message.StatementContinued = part;
        }
        if (_size > options.ExportSize || parts.Count > 1)
            await SendAsync(chained.Sequence, cancellationToken);
    }

    private List<string> Parts(string statement)
    {
        var parts = new List<string>();
        var position = 0;
        do
        {
            var length = Math.Min(options.ExportedStatementLength, statement.Length - position);
            // Half a character is none in UTF-8.
            if (length > 1 && position + length < statement.Length && char.IsHighSurrogate(statement[position + length - 1]))
                length--;
            parts.Add(statement.Substring(position, length));
            position += length;
        }
        while (position < statement.Length);
        return parts;
    }

    private async Task SendAsync(long lookedTo, CancellationToken cancellationToken)
    {
        _message.LookedTo = lookedTo;
        _message.End = end;
        await responses.WriteAsync(_message, cancellationToken);
        _message = new ExportAuditResponse();
        _size = 0;
    }
}
