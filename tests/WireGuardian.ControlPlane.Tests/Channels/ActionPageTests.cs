using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Approvals;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Callbacks;
using WireGuardian.Server.Channels.Teams;

namespace WireGuardian.ControlPlane.Tests.Channels;

/// <summary>Microsoft Teams: the card, and the page that its link leads to.</summary>
public sealed partial class ActionPageTests
{
    private CallbackHost _host = null!;
    private HttpClient _browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await CallbackHost.StartAsync();
        _browser = new HttpClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task A_held_statement_is_a_card_that_links_to_the_page_and_its_end_is_another()
    {
        await using var workflow = await Receiver.StartAsync();
        workflow.AnswerNext(202);
        var channel = new TeamsChannel(new TeamsOptions(new Uri(workflow.Url, "/workflows/1/invoke?sig=secret")), _browser, _host.Links, _host.Time);
        var request = await _host.HoldAsync(statement: "SELECT '[click](https://evil.example) **x**'");
        Assert.That((await channel.DeliverAsync(new ChannelEvent(request, Samples.Noon), default)).Result, Is.EqualTo(DeliveryResult.Delivered));
        var message = workflow.Requests.Single().Json;
        Assert.That(message.GetProperty("type").GetString(), Is.EqualTo("message"));
        var attachment = message.GetProperty("attachments").EnumerateArray().Single();
        Assert.That(attachment.GetProperty("contentType").GetString(), Is.EqualTo("application/vnd.microsoft.card.adaptive"));
        var card = attachment.GetProperty("content");
        Assert.That((card.GetProperty("type").GetString(), card.GetProperty("version").GetString()), Is.EqualTo(("AdaptiveCard", "1.4")));
        Assert.That(card.GetProperty("body").EnumerateArray().Select(block => block.GetProperty("type").GetString()), Is.All.EqualTo("RichTextBlock"));
        var action = card.GetProperty("actions").EnumerateArray().Single();
        Assert.That(action.GetProperty("type").GetString(), Is.EqualTo("Action.OpenUrl"));
        Assert.That((await _browser.GetAsync(action.GetProperty("url").GetString())).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await channel.DeliverAsync(new ChannelEvent(request with { State = ApprovalState.Denied }, Samples.Noon), default);
        var end = workflow.Requests.Last().Json.GetProperty("attachments")[0].GetProperty("content");
        Assert.That(end.TryGetProperty("actions", out _), Is.False);
        await channel.DeliverAsync(new ChannelEvent(request with { State = ApprovalState.Released }, Samples.Noon), default);
        Assert.That(workflow.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_page_shows_the_request_and_decides_nothing_by_itself()
    {
        var request = await _host.HoldAsync(statement: "SELECT '<script>alert(1)</script>' & \"x\"");
        var answer = await _browser.GetAsync(_host.Links.To(request));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.That(html, Does.Contain("&lt;script&gt;alert(1)&lt;/script&gt;").And.Not.Contain("<script"));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"));
        Assert.That(answer.Headers.CacheControl!.NoStore);
        Assert.That(answer.Headers.GetValues("Set-Cookie").Single(), Does.Contain("httponly").IgnoreCase.And.Contain("samesite=strict").IgnoreCase);
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [TestCase("approve", "", ApprovalState.Approved)]
    [TestCase("deny", "not today", ApprovalState.Denied)]
    public async Task An_operator_decides_with_the_token(string decision, string reason, ApprovalState expected)
    {
        var request = await _host.HoldAsync();
        var answer = await PostAsync(request, await FormKeyAsync(request), CallbackHost.DanasToken, decision, reason);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var decided = _host.Queue.Find(request.Id)!;
        Assert.That(decided.State, Is.EqualTo(expected));
        Assert.That((decided.Approvals.Single().Operator, decided.Approvals.Single().Channel), Is.EqualTo(("dana", "teams")));
        Assert.That(_host.Audit.Records.Single(record => record.Event == "operator-login").Channel, Is.EqualTo("teams"));
    }

    [Test]
    public async Task A_wrong_token_decides_nothing_and_is_recorded()
    {
        var request = await _host.HoldAsync();
        Assert.That((await PostAsync(request, await FormKeyAsync(request), "guess", "approve")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(_host.Audit.Records.Single(record => record.Event == "operator-refused").Detail, Is.EqualTo("unknown operator token"));
    }

    [Test]
    public async Task A_form_without_the_browsers_own_key_decides_nothing()
    {
        var request = await _host.HoldAsync();
        using var other = new HttpClient();
        var key = await FormKeyAsync(request);
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "approve", browser: other)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await PostAsync(request, "", CallbackHost.DanasToken, "approve")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "approve", origin: "https://evil.example")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task A_form_of_another_request_decides_nothing()
    {
        var (request, other) = (await _host.HoldAsync(), await _host.HoldAsync());
        Assert.That((await PostAsync(request, await FormKeyAsync(other), CallbackHost.DanasToken, "approve")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task A_link_that_was_changed_or_has_ended_shows_nothing()
    {
        var (request, other) = (await _host.HoldAsync(), await _host.HoldAsync());
        var link = _host.Links.To(request).AbsoluteUri;
        string[] wrong =
        [
            link.Replace(request.Id, other.Id, StringComparison.Ordinal), link[..^1] + (link[^1] == 'A' ? 'B' : 'A'), EndPattern().Replace(link, "e=99999999999"),
            link[..link.IndexOf('?', StringComparison.Ordinal)], link.Replace(request.Id, "nothing", StringComparison.Ordinal),
        ];
        foreach (var url in wrong)
            Assert.That((await _browser.GetAsync(url)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), url);

        Assert.That((await _browser.GetAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        _host.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.That((await _browser.GetAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_denial_needs_a_reason_and_a_decided_request_is_not_decided_again()
    {
        var request = await _host.HoldAsync();
        var key = await FormKeyAsync(request);
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "deny")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "maybe")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "approve")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostAsync(request, key, CallbackHost.DanasToken, "deny", "too late")).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Approved));
    }

    [Test]
    public void In_clear_only_loopback_may_listen() => Assert.Throws<ArgumentException>(() => CallbackEndpoint.Listen(
        new KestrelServerOptions(), new CallbackOptions(IPEndPoint.Parse("0.0.0.0:7400"), new ClientTlsOptions(TlsMode.Off, null), new Uri("https://g.example"))));

    private async Task<string> FormKeyAsync(ApprovalRequest request)
    {
        var html = await _browser.GetStringAsync(_host.Links.To(request));
        return KeyPattern().Match(html).Groups[1].Value;
    }

    private async Task<HttpResponseMessage> PostAsync(
        ApprovalRequest request, string key, string token, string decision, string reason = "", string? origin = null, HttpClient? browser = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _host.Links.To(request))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["form"] = key, ["token"] = token, ["decision"] = decision, ["reason"] = reason }),
        };
        if (origin is not null)
            message.Headers.Add("Origin", origin);
        return await (browser ?? _browser).SendAsync(message);
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex KeyPattern();

    [GeneratedRegex("e=[0-9]+")]
    private static partial Regex EndPattern();
}
