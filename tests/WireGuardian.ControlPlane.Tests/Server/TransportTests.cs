using System.Net;
using System.Net.Http.Headers;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.Grpc.Framing;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.ControlPlane.Tests.Server;

/// <summary>gRPC over HTTP/2 as any client may speak it, well or badly: requests are written by hand.</summary>
public class TransportTests
{
    private static readonly byte[] Empty = [0, 0, 0, 0, 0];
    private ControlPlaneHost _host = null!;
    private HttpClient _http = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await ControlPlaneHost.StartAsync();
        _http = new HttpClient
        {
            BaseAddress = _host.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task An_answer_is_a_frame_and_its_status_stands_in_the_trailers()
    {
        using var response = await PostAsync("GetServerInfo", Empty);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/grpc"));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.That(GetServerInfoResponse.Parser.ParseFrom(body.AsSpan(5)).Version, Is.EqualTo("1.2.3"));
        Assert.That(response.Headers.Contains("grpc-status"), Is.False);
        Assert.That(response.TrailingHeaders.GetValues("grpc-status"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task An_unknown_method_is_unimplemented_in_headers_alone()
    {
        using var response = await PostAsync("Frobnicate", Empty);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Unimplemented));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task An_unknown_service_is_unimplemented()
    {
        using var response = await PostAsync("/other.v1.Service/Approve", Empty);
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Unimplemented));
    }

    [TestCase("application/json")]
    [TestCase("application/grpc-web")]
    [TestCase("application/grpc+json")]
    public async Task Another_content_type_is_refused_by_http(string contentType)
    {
        using var response = await PostAsync("GetServerInfo", Empty, contentType: contentType);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [TestCase("application/grpc+proto")]
    [TestCase("application/grpc;charset=utf-8")]
    public async Task Content_types_of_protobuf_are_taken(string contentType)
    {
        using var response = await PostAsync("GetServerInfo", Empty, contentType: contentType);
        await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.TrailingHeaders.GetValues("grpc-status"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task A_compressed_message_is_unimplemented_and_says_what_is_accepted()
    {
        using var response = await PostAsync("GetServerInfo", [1, 0, 0, 0, 0]);
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Unimplemented));
        Assert.That(response.Headers.GetValues("grpc-accept-encoding"), Is.EqualTo(new[] { "identity" }));
    }

    [Test]
    public async Task An_encoding_is_unimplemented()
    {
        using var response = await PostAsync("GetServerInfo", Empty, ("grpc-encoding", "gzip"));
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Unimplemented));
    }

    [Test]
    public async Task A_message_over_the_limit_is_refused_by_its_length_alone()
    {
        using var response = await PostAsync("GetServerInfo", [0, 0, 0x40, 0, 1]);
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [TestCase(new byte[0], TestName = "A_body_without_a_message_is_an_error")]
    [TestCase(new byte[] { 0, 0, 0 }, TestName = "A_body_that_ends_in_a_header_is_an_error")]
    [TestCase(new byte[] { 0, 0, 0, 0, 9, 1 }, TestName = "A_body_that_ends_in_a_message_is_an_error")]
    [TestCase(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, TestName = "A_second_message_is_an_error")]
    [TestCase(new byte[] { 0, 0, 0, 0, 1, 0xFF }, TestName = "A_message_that_is_not_protobuf_is_an_error")]
    public async Task A_broken_body_is_an_error(byte[] body)
    {
        using var response = await PostAsync("GetServerInfo", body);
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Internal));
    }

    [Test]
    public async Task A_deadline_ends_the_call()
    {
        _host.Queue.Stuck.TryAdd("R1", true);
        _host.Queue.Set(Samples.Request("R1"));
        using var response = await PostAsync("Approve", MessageFrame.Create(new ApproveRequest { Id = "R1" }, 100), ("grpc-timeout", "50m"));
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.DeadlineExceeded));
    }

    [Test]
    public async Task A_timeout_that_is_none_is_an_error()
    {
        using var response = await PostAsync("GetServerInfo", Empty, ("grpc-timeout", "soon"));
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Internal));
    }

    [Test]
    public async Task A_failure_tells_neither_the_caller_nor_the_log_what_its_message_says()
    {
        _host.Queue.Failure = new InvalidOperationException("ssn 123-45-6789");
        using var response = await PostAsync("GetRequest", MessageFrame.Create(new GetRequestRequest { Id = "R1" }, 100));
        Assert.That(StatusInHeaders(response), Is.EqualTo(StatusCode.Internal));
        Assert.That(response.Headers.ToString(), Does.Not.Contain("ssn"));
        Assert.That(_host.Log.Lines, Has.Some.Contains("System.InvalidOperationException"));
        Assert.That(_host.Log.Lines, Has.None.Contains("123-45"));
    }

    [Test]
    public async Task A_detail_beyond_ascii_reaches_our_client_whole()
    {
        var path = "/wireguardian.control.v1.ControlPlane/Größe";
        using var response = await PostAsync(path, Empty);
        Assert.That(response.Headers.GetValues("grpc-message").Single(), Does.Contain("Gr%C3%B6%C3%9Fe"));
        var refused = Assert.Throws<RpcException>(() => ResponseStatus.EnsureGrpc(response));
        Assert.That(refused!.Message, Does.Contain("Größe"));
    }

    private async Task<HttpResponseMessage> PostAsync(
        string method, byte[] body, (string Name, string Value)? header = null, string contentType = "application/grpc")
    {
        var path = method.StartsWith('/') ? method : $"/wireguardian.control.v1.ControlPlane/{method}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
        };
        request.Headers.Add("authorization", $"Bearer {FakeOperators.Dana}");
        request.Headers.Add("te", "trailers");
        if (header is { } extra)
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        return await _http.SendAsync(request);
    }

    private static StatusCode StatusInHeaders(HttpResponseMessage response)
        => (StatusCode)int.Parse(response.Headers.GetValues("grpc-status").Single());
}
