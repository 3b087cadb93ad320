using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.IntegrationTests.Holding;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Channels;

/// <summary>The real server with channels, in front of a real database, against local servers that speak what Slack, Teams and webhooks document.</summary>
[TestFixture]
public sealed class ChannelsTests
{
    private const string SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string WebhookSecret = "a-webhook-secret-of-32-characters";
    private const string Requester = "channels_app";

    private readonly HttpClient _http = new();
    private LocalReceiver _receiver = null!;
    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;
    private Uri _callbacks = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _receiver = new LocalReceiver();
        _callbacks = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _database = await (await SharedPostgres.Version15).CreateDatabaseAsync(
            $"CREATE ROLE {Requester} LOGIN PASSWORD 'channels-password'; CREATE TABLE orders (i int, note text); INSERT INTO orders SELECT i, 'n' FROM generate_series(1, 30) i;"
            + $"GRANT ALL ON orders TO {Requester}; ANALYZE orders");
        _proxy = await TestProxy.InFrontOfAsync(_database.Server,
            $$"""
            masking: [{ name: notes, columns: ["public.orders.note"], with: redact }]
            approvals: [{ name: deletes, kinds: [delete], action: hold, timeout: 10m }]
            operators:
              - { name: dana, token: {{HoldingShop.Dana}}, slack: U012AB3CD }
            callbacks: { listen: "{{_callbacks.Authority}}", url: "{{_callbacks.GetLeftPart(UriPartial.Authority)}}" }
            channels:
              - { name: dba, type: slack, channel: C012AB3CD, token: xoxb-token, signingSecret: {{SigningSecret}}, api: "{{_receiver.Url}}api/" }
              - { name: dba-teams, type: teams, url: "{{_receiver.Url}}teams" }
              - { name: siem, type: webhook, url: "{{_receiver.Url}}hook", secret: {{WebhookSecret}} }
            """);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _receiver.Dispose();
        _http.Dispose();
    }

    [Test]
    public async Task A_signed_click_releases_what_was_held_and_every_channel_hears_of_it()
    {
        await using var client = await WireClient.LogInAsync(_proxy.Port, Requester, "channels-password", _database.Name);
        client.Timeout = TimeSpan.FromSeconds(60);
        await client.SendAsync(FrontendMessage.Query("DELETE FROM orders WHERE i = 7 RETURNING note"));
        var id = await HoldingShop.ReadHeldAsync(client);

        var message = JsonNode.Parse((await _receiver.NextAsync("/api/chat.postMessage", one => one.Text.Contains(id, StringComparison.Ordinal))).Text)!;
        Assert.That((string?)message["channel"], Is.EqualTo("C012AB3CD"));
        Assert.That(message.ToJsonString(), Does.Contain("Writes: public.orders (about 30)").And.Contain("Masked in the result: note (redact)").And.Contain("Plan: about"));
        Assert.That(message.ToJsonString(), Does.Not.Contain("= 7"));
        var card = JsonNode.Parse((await _receiver.NextAsync("/teams", one => one.Text.Contains(id, StringComparison.Ordinal))).Text)!["attachments"]![0]!["content"]!;
        Assert.That((string?)card["type"], Is.EqualTo("AdaptiveCard"));
        var page = await _http.GetStringAsync(new Uri((string)card["actions"]![0]!["url"]!));
        Assert.That(page, Does.Contain(id).And.Contain("name=\"token\""));
        var told = await _receiver.NextAsync("/hook", one => one.Text.Contains(id, StringComparison.Ordinal));
        Assert.That(IsSigned(told), Is.True);
        var data = JsonDocument.Parse(told.Body).RootElement;
        Assert.That(data.GetProperty("type").GetString(), Is.EqualTo("approval_request.pending"));
        Assert.That(data.GetProperty("data").GetProperty("context").GetProperty("writes")[0].GetProperty("rows").GetInt64(), Is.EqualTo(30));

        var value = Button(message);
        Assert.That((await ClickAsync(value, "another-secret")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await ClickAsync(value, SigningSecret, TimeSpan.FromMinutes(-10))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StateAsync(id), Is.EqualTo("pending"), "a forged click decides nothing");

        var click = await ClickAsync(value, SigningSecret);
        Assert.That(click.StatusCode, Is.EqualTo(HttpStatusCode.OK), await click.Content.ReadAsStringAsync());
        var frames = await client.ReadUntilAsync('Z');
        Assert.That(frames.Any(frame => frame.Type == 'C' && frame.Text == "DELETE 1"), Is.True, () => string.Join('\n', frames));
        var updated = JsonNode.Parse((await _receiver.NextAsync("/api/chat.update", one => one.Text.Contains("Approved by dana", StringComparison.Ordinal))).Text)!;
        Assert.That((string?)updated["ts"], Is.EqualTo(LocalReceiver.MessageTimestamp));
        Assert.That(updated["blocks"]!.AsArray().Any(block => (string?)block!["type"] == "actions"), Is.False, "nothing is left to click");
        var released = await _receiver.NextAsync("/hook", one => one.Text.Contains("approval_request.released", StringComparison.Ordinal) && one.Text.Contains(id, StringComparison.Ordinal));
        Assert.That(IsSigned(released), Is.True);
        await _receiver.NextAsync("/teams", one => one.Text.Contains(id, StringComparison.Ordinal) && one.Text.Contains("Approved by dana", StringComparison.Ordinal));

        var trail = (await _proxy.WgctlAsync(HoldingShop.Dana, "audit", "--request", id, "--output", "json")).EnsureSuccess().Output;
        var approval = JsonDocument.Parse(trail).RootElement.EnumerateArray().Single(record => record.GetProperty("event").GetString() == "approve");
        Assert.That((approval.GetProperty("operator").GetString(), approval.GetProperty("method").GetString(), approval.GetProperty("channel").GetString()), Is.EqualTo(("dana", "slack", "slack")));
        Assert.That((await _proxy.WgctlAsync(HoldingShop.Dana, "audit", "receipt", id)).Output, Does.Contain("\"method\":\"slack\"").Or.Contain("\"method\": \"slack\""));
    }

    [Test]
    public async Task An_orderly_stop_warns_of_nothing()
    {
        var proxy = await TestProxy.InFrontOfAsync(_database.Server);
        await using (var client = await WireClient.LogInAsync(proxy.Port, Requester, "channels-password", _database.Name))
            await client.QueryAsync("SELECT count(*) FROM orders");
        var process = proxy.Process;
        process.Send(Signal.Terminate);
        await process.WaitForExitAsync();
        Assert.That(proxy.Log, Does.Not.Contain("closed").And.Not.Contain("WARN"));
        await proxy.DisposeAsync();
    }

    private static string Button(JsonNode message) => (string)message["blocks"]!.AsArray()
        .Single(block => (string?)block!["type"] == "actions")!["elements"]!.AsArray()
        .Single(element => (string?)element!["action_id"] == "wireguardian_approve")!["value"]!;

    /// <summary>Slack's block_actions, with its signature of version 0.</summary>
    private async Task<HttpResponseMessage> ClickAsync(string value, string secret, TimeSpan late = default)
    {
        var payload = JsonSerializer.Serialize(new
        {
            type = "block_actions",
            user = new { id = "U012AB3CD", username = "dana", team_id = "T1" },
            container = new { type = "message", message_ts = LocalReceiver.MessageTimestamp, channel_id = "C012AB3CD", is_ephemeral = false },
            trigger_id = "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
            channel = new { id = "C012AB3CD", name = "dba" },
            response_url = $"{_receiver.Url}response",
            actions = new[] { new { action_id = "wireguardian_approve", block_id = "decision", value, type = "button", action_ts = "1700000001.000200" } },
        });
        var body = Encoding.UTF8.GetBytes($"payload={Uri.EscapeDataString(payload)}");
        var timestamp = (TimeProvider.System.GetUtcNow() + late).ToUnixTimeSeconds();
        var signed = Encoding.UTF8.GetBytes($"v0:{timestamp}:").Concat(body).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_callbacks, "/slack/dba")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Headers.Add("X-Slack-Request-Timestamp", $"{timestamp}");
        request.Headers.Add("X-Slack-Signature", $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}");
        return await _http.SendAsync(request);
    }

    /// <summary>As Standard Webhooks says.</summary>
    private static bool IsSigned(LocalReceiver.Received received)
    {
        var head = Encoding.UTF8.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.");
        return received.Headers["webhook-signature"] == $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), head.Concat(received.Body).ToArray()))}";
    }

    private async Task<string?> StateAsync(string id) =>
        JsonDocument.Parse((await _proxy.WgctlAsync(HoldingShop.Dana, "show", id, "--output", "json")).EnsureSuccess().Output).RootElement.GetProperty("state").GetString();
}
