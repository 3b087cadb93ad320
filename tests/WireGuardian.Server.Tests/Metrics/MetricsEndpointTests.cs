using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WireGuardian.Server.Metrics;

namespace WireGuardian.Server.Tests.Metrics;

[TestFixture]
public sealed class MetricsEndpointTests
{
    private readonly List<string> _problems = [];
    private MetricsEndpoint _endpoint = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _problems.Clear();
        _endpoint = new MetricsEndpoint(new IPEndPoint(IPAddress.Loopback, 0), () => "a 1\n", () => _problems, NullLoggerFactory.Instance);
        await _endpoint.StartAsync(CancellationToken.None);
        _client = new HttpClient { BaseAddress = _endpoint.Address };
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _endpoint.StopAsync(CancellationToken.None);
        await _endpoint.DisposeAsync();
    }

    [Test]
    public async Task Metrics_come_as_prometheus_text()
    {
        using var response = await _client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("a 1\n"));
        Assert.That(response.Headers.Server, Is.Empty);
    }

    [Test]
    public async Task The_server_is_ready_when_there_is_nothing_to_say_against_it()
    {
        using var ready = await _client.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.That((ready.StatusCode, await ready.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "ready\n")));
        _problems.AddRange(["audit: disk full", "listener app: does not accept"]);
        using var unready = await _client.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.That(
            (unready.StatusCode, await unready.Content.ReadAsStringAsync()),
            Is.EqualTo((HttpStatusCode.ServiceUnavailable, "audit: disk full\nlistener app: does not accept\n")));
        using var alive = await _client.GetAsync(new Uri("/healthz", UriKind.Relative));
        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Nothing_else_is_answered()
    {
        using var other = await _client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var post = await _client.PostAsync(new Uri("/metrics", UriKind.Relative), null);
        Assert.That(post.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }
}
