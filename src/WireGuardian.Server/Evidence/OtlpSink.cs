using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Evidence;

/// <summary>OTLP logs: one log record a checkpoint, its JSON as the body and its fields as attributes.</summary>
internal sealed class OtlpSink : ICheckpointSink
{
    private readonly Reporting _exporter;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    public OtlpSink(OtlpOptions options)
    {
        _exporter = new Reporting(new OtlpLogExporter(new OtlpExporterOptions
        {
            Endpoint = EndpointOf(options),
            Protocol = options.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        }));
        _loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(open =>
        {
            open.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("wireguardian"));
            open.IncludeFormattedMessage = true;
            open.AddProcessor(new SimpleLogRecordExportProcessor(_exporter));
        }));
        _logger = _loggers.CreateLogger("wireguardian.audit.checkpoint");
    }

    public string Name => "otlp";

    public async Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        // The exporter waits for the collector, and this thread with it: not one that others need.
        await Task.Run(() => _logger.Log(LogLevel.Information, new EventId(1, "checkpoint"), AttributesOf(checkpoint), null, (_, _) => EvidenceJson.Line(checkpoint)), cancellationToken);
        if (_exporter.Last != ExportResult.Success)
            throw new IOException("The collector did not take the checkpoint.");
    }

    public void Dispose() => _loggers.Dispose();

    private static KeyValuePair<string, object?>[] AttributesOf(SignedCheckpoint signed) =>
    [
        new("wireguardian.audit.sequence", signed.Checkpoint.Sequence),
        new("wireguardian.audit.hash", signed.Checkpoint.Hash),
        new("wireguardian.audit.records", signed.Checkpoint.Records),
        new("wireguardian.audit.key_id", signed.KeyId),
        new("wireguardian.audit.signature", signed.Signature),
    ];

    /// <summary>Over HTTP logs have a path of their own; the library adds it only to endpoints that come from the environment.</summary>
    private static Uri EndpointOf(OtlpOptions otlp) =>
        otlp.Protocol == OtlpProtocol.HttpProtobuf && otlp.Endpoint.AbsolutePath == "/" ? new Uri(otlp.Endpoint, "v1/logs") : otlp.Endpoint;

    /// <summary>The library tells nobody whether an export went well: this notes it.</summary>
    private sealed class Reporting(BaseExporter<LogRecord> exporter) : BaseExporter<LogRecord>
    {
        public ExportResult Last { get; private set; } = ExportResult.Failure;

        public override ExportResult Export(in Batch<LogRecord> batch) => Last = exporter.Export(batch);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                exporter.Dispose();
            base.Dispose(disposing);
        }
    }
}
