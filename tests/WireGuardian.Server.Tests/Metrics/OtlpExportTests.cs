using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Metrics;

namespace WireGuardian.Server.Tests.Metrics;

[TestFixture]
[NonParallelizable]
[CancelAfter(60_000)]
public sealed class OtlpExportTests
{
    [Test]
    public async Task Metrics_are_sent_to_the_collectors_path_for_metrics()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var request = AnswerOneAsync(collector);
        using var meter = new Meter(ProxyMetrics.MeterName);
        var endpoint = new Uri($"http://{collector.LocalEndpoint}");
        using (new MetricsPipeline(new OtlpOptions(endpoint, OtlpProtocol.HttpProtobuf, TimeSpan.FromHours(1))))
            new ProxyMetrics(meter).ForListener("app", "postgres").ConnectionOpened();
        Assert.That(await request, Is.EqualTo("POST /v1/metrics HTTP/1.1"));
    }

    /// <summary>Plays the collector for one request and gives its first line.</summary>
    private static async Task<string> AnswerOneAsync(TcpListener collector)
    {
        using var connection = await collector.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var received = new byte[256];
        var length = await stream.ReadAtLeastAsync(received, 32);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        return Encoding.ASCII.GetString(received, 0, length).Split('\r')[0];
    }
}
