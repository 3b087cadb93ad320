using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Approvals;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Webhook;
using WireGuardian.Testing.Time;

namespace WireGuardian.ControlPlane.Tests.Channels;

public sealed class WebhookTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
    private readonly FakeTime _time = new();
    private readonly HttpClient _http = new();
    private Receiver _receiver = null!;
    private WebhookChannel _channel = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _receiver = await Receiver.StartAsync();
        _channel = new WebhookChannel(new WebhookOptions(new Uri(_receiver.Url, "/hooks/wg?k=v"), Secret), _http, _time);
    }

    [TearDown]
    public async Task StopAsync() => await _receiver.DisposeAsync();

    [OneTimeTearDown]
    public void End() => _http.Dispose();

    /// <summary>The example that the libraries of Standard Webhooks test themselves with.</summary>
    [Test]
    public void The_signature_is_that_of_standard_webhooks()
    {
        var key = WebhookSignature.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        Assert.That(
            WebhookSignature.Of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8),
            Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        Assert.That(WebhookSignature.KeyOf("whsec_not base64"), Is.Null);
        Assert.That(WebhookSignature.KeyOf("plain"), Is.EqualTo("plain"u8.ToArray()));
    }

    [Test]
    public async Task An_event_has_the_fields_of_the_request_and_a_signature_over_exactly_these_bytes()
    {
        var request = Samples.Request("R1") with
        {
            Approvals = [new ApprovalDecision("dana", true, "fine", Samples.Noon) { Channel = "slack" }],
            State = ApprovalState.Approved,
        };
        Assert.That((await _channel.DeliverAsync(new ChannelEvent(request, Samples.Noon), default)).Result, Is.EqualTo(DeliveryResult.Delivered));

        var received = _receiver.Requests.Single();
        Assert.That(received.Headers["content-type"], Is.EqualTo("application/json"));
        Assert.That(received.Headers["webhook-id"], Is.EqualTo("wg_R1_approved_1"));
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Assert.That(received.Headers["webhook-timestamp"], Is.EqualTo(timestamp));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"wg_R1_approved_1.{timestamp}."), .. received.Body];
        Assert.That(received.Headers["webhook-signature"], Is.EqualTo($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Secret, signed))}"));

        Assert.That(received.Json.GetProperty("type").GetString(), Is.EqualTo("approval_request.approved"));
        Assert.That(received.Json.GetProperty("timestamp").GetString(), Is.EqualTo("2025-06-01T12:00:00.000Z"));
        var data = received.Json.GetProperty("data");
        string[] fields = ["id", "state", "listener", "protocol", "user", "database", "client", "application", "statement", "kinds", "relations", "rule", "createdAt", "expiresAt", "approvals"];
        Assert.That(data.EnumerateObject().Select(property => property.Name), Is.SupersetOf(fields));
        Assert.That(data.GetProperty("state").GetString(), Is.EqualTo("approved"));
        Assert.That(data.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()), Is.EqualTo(new[] { "delete", "explain" }));
        Assert.That(data.GetProperty("approvals")[0].GetProperty("operator").GetString(), Is.EqualTo("dana"));
    }

    [Test]
    public async Task A_repetition_has_the_same_id_and_a_time_and_signature_of_its_own()
    {
        var change = new ChannelEvent(Samples.Request("R1"), Samples.Noon);
        _receiver.AnswerNext(500);
        Assert.That((await _channel.DeliverAsync(change, default)).Result, Is.EqualTo(DeliveryResult.TryAgain));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await _channel.DeliverAsync(change, default)).Result, Is.EqualTo(DeliveryResult.Delivered));
        var (first, second) = (_receiver.Requests.First(), _receiver.Requests.Last());
        Assert.That(second.Headers["webhook-id"], Is.EqualTo(first.Headers["webhook-id"]));
        Assert.That(second.Body, Is.EqualTo(first.Body));
        Assert.That(second.Headers["webhook-timestamp"], Is.Not.EqualTo(first.Headers["webhook-timestamp"]));
        Assert.That(second.Headers["webhook-signature"], Is.Not.EqualTo(first.Headers["webhook-signature"]));
    }

    [Test]
    public void Every_change_of_a_request_has_an_id_of_its_own()
    {
        var pending = Samples.Request("R1");
        var half = pending with { Approvals = [new ApprovalDecision("dana", true, "", Samples.Noon)] };
        ApprovalRequest[] pictures = [pending, half, half with { State = ApprovalState.Approved }, half with { State = ApprovalState.Released }];
        Assert.That(pictures.Select(picture => new ChannelEvent(picture, Samples.Noon).Id), Is.Unique);
    }

    [TestCase(200, "Delivered")]
    [TestCase(202, "Delivered")]
    [TestCase(301, "Failed")]
    [TestCase(400, "Failed")]
    [TestCase(401, "Failed")]
    [TestCase(410, "Failed")]
    [TestCase(408, "TryAgain")]
    [TestCase(429, "TryAgain")]
    [TestCase(500, "TryAgain")]
    [TestCase(503, "TryAgain")]
    public async Task The_status_says_whether_to_try_again(int status, string expected)
    {
        _receiver.AnswerNext(status);
        Assert.That((await _channel.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default)).Result.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_receiver_says_how_long_to_wait()
    {
        _receiver.AnswerNext(429, retryAfter: "17");
        Assert.That((await _channel.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(17)));
        _receiver.AnswerNext(503, retryAfter: (_time.GetUtcNow() + TimeSpan.FromSeconds(90)).ToString("R"));
        Assert.That((await _channel.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public async Task A_receiver_that_is_down_or_silent_is_tried_again()
    {
        var never = new TaskCompletionSource();
        _receiver.Answers.Enqueue(_ => never.Task);
        using var impatient = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
        var silent = new WebhookChannel(new WebhookOptions(_receiver.Url, Secret), impatient, _time);
        Assert.That((await silent.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default)).Result, Is.EqualTo(DeliveryResult.TryAgain));
        never.SetResult();

        var gone = new WebhookChannel(new WebhookOptions(new Uri("http://127.0.0.1:1/"), Secret), _http, _time);
        Assert.That((await gone.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default)).Result, Is.EqualTo(DeliveryResult.TryAgain));
    }

    [Test]
    public async Task A_long_statement_is_cut_and_what_cannot_be_seen_is_written_out()
    {
        var request = Samples.Request("R1") with { Statement = $"SELECT \u202e1\u200b\0{new string('x', 100_000)}" };
        await _channel.DeliverAsync(new ChannelEvent(request, Samples.Noon), default);
        var statement = _receiver.Requests.Single().Json.GetProperty("data").GetProperty("statement").GetString()!;
        Assert.That(statement, Does.StartWith("SELECT \\u{202E}1\\u{200B}\\u{0}xxx").And.EndWith("x…"));
        Assert.That(statement, Has.Length.EqualTo(16 * 1024));
    }
}
