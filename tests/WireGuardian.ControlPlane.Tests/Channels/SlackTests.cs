using System.Net;
using System.Text;
using System.Text.Json;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Channels.Slack;

namespace WireGuardian.ControlPlane.Tests.Channels;

public sealed class SlackTests
{
    private const string Approve = "wireguardian_approve";
    private const string Deny = "wireguardian_deny";
    private CallbackHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await CallbackHost.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    /// <summary>The example of Slack's own documentation.</summary>
    [Test]
    public void The_signature_is_that_of_slack()
    {
        var body = Encoding.UTF8.GetBytes(
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
        Assert.That(
            SlackSignature.Of("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body),
            Is.EqualTo("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"));
    }

    [Test]
    public async Task A_held_statement_is_posted_with_two_buttons()
    {
        var request = await _host.HoldAsync();
        var posted = _host.Slack.Requests.Single();
        Assert.That(posted.Path, Is.EqualTo("/api/chat.postMessage"));
        Assert.That(posted.Headers["authorization"], Is.EqualTo("Bearer xoxb-token"));
        Assert.That(posted.Headers["content-type"], Is.EqualTo("application/json; charset=utf-8"));
        var message = posted.Json;
        Assert.That(message.GetProperty("channel").GetString(), Is.EqualTo("C1"));
        Assert.That(message.GetProperty("text").GetString(), Does.Contain(request.Id));
        var blocks = message.GetProperty("blocks").EnumerateArray().ToList();
        Assert.That(blocks.Select(block => block.GetProperty("type").GetString()), Is.EqualTo(new[] { "header", "section", "rich_text", "actions" }));
        var buttons = blocks[^1].GetProperty("elements").EnumerateArray().ToList();
        Assert.That(buttons.Select(button => button.GetProperty("action_id").GetString()), Is.EqualTo(new[] { Approve, Deny }));
        Assert.That(buttons.Select(button => button.GetProperty("value").GetString()), Is.All.EqualTo($"{request.Id} {request.Digest}"));
    }

    [Test]
    public async Task A_click_of_an_operator_approves_and_the_message_changes()
    {
        var request = await _host.HoldAsync();
        var answer = await _host.ClickAsync(request, Approve, "U0DANA");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
        var decision = _host.Queue.Find(request.Id)!.Approvals.Single();
        Assert.That((decision.Operator, decision.Approved, decision.Channel), Is.EqualTo(("dana", true, "slack")));

        var update = await _host.Slack.NextAsync(1, default);
        Assert.That(update.Path, Is.EqualTo("/api/chat.update"));
        Assert.That(update.Json.GetProperty("ts").GetString(), Is.EqualTo("1700000000.000100"));
        Assert.That(update.Json.GetProperty("channel").GetString(), Is.EqualTo("C1"));
        Assert.That(Encoding.UTF8.GetString(update.Body), Does.Contain("Approved by dana").And.Not.Contain("\"actions\""));
    }

    [Test]
    public async Task One_of_two_approvals_changes_the_message_and_leaves_the_buttons()
    {
        var request = await _host.HoldAsync(minimum: 2);
        await _host.ClickAsync(request, Approve, "U0DANA");
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(Encoding.UTF8.GetString((await _host.Slack.NextAsync(1, default)).Body), Does.Contain("Approved by dana").And.Contain("\"actions\""));
        await _host.ClickAsync(request, Approve, "U0ERIN");
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Approved));
    }

    [Test]
    public async Task A_denial_asks_for_its_reason_in_a_view_and_counts_with_it()
    {
        var request = await _host.HoldAsync();
        Assert.That((await _host.ClickAsync(request, Deny, "U0DANA")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        var opened = await _host.Slack.NextAsync(1, default);
        Assert.That(opened.Path, Is.EqualTo("/api/views.open"));
        Assert.That(opened.Json.GetProperty("trigger_id").GetString(), Does.StartWith("12321423423."));
        var view = opened.Json.GetProperty("view");
        Assert.That(view.GetProperty("type").GetString(), Is.EqualTo("modal"));
        Assert.That(view.GetProperty("title").GetProperty("text").GetString()!.Length, Is.LessThanOrEqualTo(24));
        Assert.That(view.GetProperty("blocks")[1].GetProperty("element").GetProperty("type").GetString(), Is.EqualTo("plain_text_input"));

        var answer = await _host.SendAsync(CallbackHost.Submit(request, "U0DANA", "not on a Friday"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
        var denied = _host.Queue.Find(request.Id)!;
        Assert.That((denied.State, denied.Approvals.Single().Reason), Is.EqualTo((ApprovalState.Denied, "not on a Friday")));
    }

    [TestCase(null)]
    [TestCase("  ")]
    public async Task A_denial_without_a_reason_is_said_to_need_one(string? reason)
    {
        var request = await _host.HoldAsync();
        var answer = await _host.SendAsync(CallbackHost.Submit(request, "U0DANA", reason));
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.That(json.GetProperty("response_action").GetString(), Is.EqualTo("errors"));
        Assert.That(json.GetProperty("errors").GetProperty("reason").GetString(), Is.EqualTo("A denial needs a reason."));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task A_forged_signature_decides_nothing_and_is_recorded()
    {
        var request = await _host.HoldAsync();
        var forged = _host.Signed(CallbackHost.Click(request, Approve, "U0DANA"), secret: "another secret");
        Assert.That((await _host.SendAsync(forged)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        var unsigned = _host.Signed(CallbackHost.Click(request, Approve, "U0DANA"));
        unsigned.Headers.Remove("X-Slack-Signature");
        Assert.That((await _host.SendAsync(unsigned)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        // Signed for another body.
        var other = _host.Signed(CallbackHost.Click(request, Deny, "U0DANA"));
        other.Content = _host.Signed(CallbackHost.Click(request, Approve, "U0DANA")).Content;
        Assert.That((await _host.SendAsync(other)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(_host.Audit.Records.Count(record => record is { Event: "operator-refused", Channel: "slack", Client: "127.0.0.1" }), Is.EqualTo(3));
    }

    [TestCase(-301, false)]
    [TestCase(-299, true)]
    [TestCase(299, true)]
    [TestCase(301, false)]
    public async Task A_signature_is_good_for_five_minutes(int secondsFromNow, bool isGood)
    {
        var request = await _host.HoldAsync();
        var timestamp = _host.Time.GetUtcNow().ToUnixTimeSeconds() + secondsFromNow;
        await _host.SendAsync(CallbackHost.Click(request, Approve, "U0DANA"), timestamp: timestamp);
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(isGood ? ApprovalState.Approved : ApprovalState.Pending));
    }

    [Test]
    public async Task The_same_signed_request_counts_once()
    {
        var request = await _host.HoldAsync(minimum: 2);
        var payload = CallbackHost.Click(request, Approve, "U0DANA");
        Assert.That((await _host.SendAsync(payload)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _host.SendAsync(payload)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        _host.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.That((await _host.SendAsync(payload, timestamp: _host.Time.GetUtcNow().AddMinutes(-4).ToUnixTimeSeconds())).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(_host.Audit.Records.Count(record => record.Detail.StartsWith("a repeated request", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task A_second_click_does_not_count_and_its_user_is_told()
    {
        var request = await _host.HoldAsync();
        await _host.ClickAsync(request, Approve, "U0DANA");
        await _host.Slack.NextAsync(1, default);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.ClickAsync(request, Approve, "U0ERIN");
        Assert.That(_host.Queue.Find(request.Id)!.Approvals, Has.Count.EqualTo(1));
        var told = await EphemeralAsync();
        Assert.That(told.GetProperty("user").GetString(), Is.EqualTo("U0ERIN"));
        Assert.That(told.GetProperty("text").GetString(), Does.Contain("no longer pending"));
        Assert.That(_host.Audit.Events, Has.Some.EqualTo("decision-refused"));
    }

    [Test]
    public async Task Two_clicks_of_one_operator_are_one_approval()
    {
        var request = await _host.HoldAsync(minimum: 2);
        await Task.WhenAll(_host.ClickAsync(request, Approve, "U0DANA"), _host.SendAsync(CallbackHost.Click(request, Approve, "U0DANA"), timestamp: _host.Time.GetUtcNow().ToUnixTimeSeconds() + 1));
        Assert.That(_host.Queue.Find(request.Id)!.Approvals, Has.Count.EqualTo(1));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task A_user_who_is_no_operator_decides_nothing_and_is_recorded()
    {
        var request = await _host.HoldAsync();
        Assert.That((await _host.ClickAsync(request, Approve, "U0NOBODY")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That((await EphemeralAsync()).GetProperty("user").GetString(), Is.EqualTo("U0NOBODY"));
        var record = _host.Audit.Records.Single(one => one.Event == "operator-refused");
        Assert.That((record.RequestId, record.Channel, record.Detail), Is.EqualTo((request.Id, "slack", "not an operator: slack user U0NOBODY")));
    }

    [TestCase("dana", "U0DANA")]
    [TestCase("erin_pg", "U0ERIN")]
    public async Task The_requester_cannot_approve_under_any_of_their_names(string login, string user)
    {
        var request = await _host.HoldAsync(user: login);
        await _host.ClickAsync(request, Approve, user);
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That((await EphemeralAsync()).GetProperty("text").GetString(), Does.Contain("is the requester"));
    }

    [Test]
    public async Task An_operator_outside_the_approvers_cannot_approve()
    {
        var request = await _host.HoldAsync();
        await _host.ClickAsync(request, Approve, "U0GUEST");
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That((await EphemeralAsync()).GetProperty("text").GetString(), Does.Contain("in none of the groups"));
    }

    [Test]
    public async Task A_button_that_shows_another_digest_decides_nothing()
    {
        var request = await _host.HoldAsync();
        await _host.SendAsync(CallbackHost.Click(request, Approve, "U0DANA", value: $"{request.Id} {new string('b', 64)}"));
        await _host.SendAsync(CallbackHost.Click(request, Approve, "U0DANA", value: request.Id));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"type":"block_actions"}""")]
    [TestCase("""{"type":"block_actions","actions":[],"user":{"id":7}}""")]
    [TestCase("""{"type":"view_submission","view":{"callback_id":"wireguardian_deny_reason"}}""")]
    [TestCase("""{"type":"shortcut","user":{"id":"U0DANA"}}""")]
    public async Task What_is_not_a_click_is_answered_and_ignored(string payload)
        => Assert.That((await _host.SendAsync(payload)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task What_is_not_json_or_too_long_or_elsewhere_is_refused()
    {
        Assert.That((await _host.SendAsync("{")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await _host.SendAsync(new string('x', 300 * 1024))).StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        var elsewhere = _host.Signed("{}");
        elsewhere.RequestUri = new Uri(_host.Address, "/slack/other");
        Assert.That((await _host.SendAsync(elsewhere)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Markup_and_mentions_of_a_statement_stay_text()
    {
        const string Statement = "SELECT '<!channel> @here ```*x*``` <https://evil.example|click> &amp;'";
        await _host.HoldAsync(statement: Statement, user: "<!here>");
        var message = _host.Slack.Requests.Single().Json;
        Assert.That(message.GetProperty("text").GetString(), Does.Contain("&lt;!here&gt;").And.Not.Contain("<"));
        Assert.That((message.GetProperty("parse").GetString(), message.GetProperty("link_names").GetBoolean()), Is.EqualTo(("none", false)));
        var blocks = message.GetProperty("blocks").EnumerateArray().ToList();
        var statement = blocks.Single(block => block.GetProperty("type").GetString() == "rich_text").GetProperty("elements")[0];
        Assert.That(statement.GetProperty("type").GetString(), Is.EqualTo("rich_text_preformatted"));
        Assert.That(statement.GetProperty("elements")[0].GetProperty("text").GetString(), Is.EqualTo(Statement));
        Assert.That(Encoding.UTF8.GetString(_host.Slack.Requests.Single().Body), Does.Not.Contain("mrkdwn"));
    }

    [Test]
    public async Task A_message_keeps_to_slacks_limits()
    {
        await _host.HoldAsync(statement: new string('x', 50_000), user: new string('u', 5000));
        var blocks = _host.Slack.Requests.Single().Json.GetProperty("blocks").EnumerateArray().ToList();
        Assert.That(blocks[0].GetProperty("text").GetProperty("text").GetString()!.Length, Is.LessThanOrEqualTo(150));
        var fields = blocks[1].GetProperty("fields").EnumerateArray().ToList();
        Assert.That(fields, Has.Count.LessThanOrEqualTo(10));
        Assert.That(fields.Select(field => field.GetProperty("text").GetString()!.Length), Is.All.LessThanOrEqualTo(2000));
        Assert.That(blocks[2].GetProperty("elements")[0].GetProperty("elements")[0].GetProperty("text").GetString()!.Length, Is.LessThanOrEqualTo(3000));
    }

    [TestCase("""{"ok":false,"error":"ratelimited"}""", 200, "TryAgain")]
    [TestCase("""{"ok":false,"error":"internal_error"}""", 200, "TryAgain")]
    [TestCase("""{"ok":false,"error":"channel_not_found"}""", 200, "Failed")]
    [TestCase("""{"ok":false,"error":"invalid_auth"}""", 200, "Failed")]
    [TestCase("<html>", 200, "TryAgain")]
    [TestCase("[]", 200, "Failed")]
    [TestCase("", 500, "TryAgain")]
    [TestCase("", 429, "TryAgain")]
    public async Task Slacks_answer_says_whether_to_try_again(string body, int status, string expected)
    {
        using var http = new HttpClient();
        var options = new SlackOptions("C1", "t", "s", new Uri(_host.Slack.Url, "/api/"));
        var channel = new SlackChannel(options, new SlackApi(options, http, _host.Time));
        _host.Slack.AnswerNext(status, body, retryAfter: "30");
        var delivery = await channel.DeliverAsync(new ChannelEvent(Samples.Request("R1"), Samples.Noon), default);
        Assert.That(delivery.Result.ToString(), Is.EqualTo(expected));
        if (expected == "TryAgain" && body != "<html>")
            Assert.That(delivery.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task While_slack_is_down_the_queue_goes_on_and_the_end_of_what_was_never_posted_is_not_told()
    {
        _host.Slack.AnswerNext(200, """{"ok":false,"error":"channel_not_found"}""");
        var request = await _host.HoldAsync();
        var dana = new OperatorDecision(new Operator("dana", ["dba"]), DecisionVerb.Approve);
        Assert.That((await _host.Queue.DecideAsync(request.Id, dana, default)).Counted);
        await _host.HoldAsync();
        Assert.That(_host.Slack.Requests.Select(one => one.Path), Is.All.EqualTo("/api/chat.postMessage"));
    }

    [Test]
    public async Task A_click_on_a_message_of_an_earlier_process_updates_it()
    {
        _host.Slack.AnswerNext(200, """{"ok":false,"error":"channel_not_found"}""");
        var request = await _host.HoldAsync();
        await _host.ClickAsync(request, Approve, "U0DANA");
        var update = await _host.Slack.NextAsync(1, default);
        Assert.That((update.Path, update.Json.GetProperty("ts").GetString()), Is.EqualTo(("/api/chat.update", "1700000000.000100")));
    }

    [Test]
    public async Task Broken_glass_is_a_message_of_its_own()
    {
        using var http = new HttpClient();
        var options = new SlackOptions("C1", "t", "s", new Uri(_host.Slack.Url, "/api/"));
        var channel = new SlackChannel(options, new SlackApi(options, http, _host.Time));
        var pending = Samples.Request("R1");
        await channel.DeliverAsync(new ChannelEvent(pending, Samples.Noon), default);
        var broken = pending with
        {
            State = ApprovalState.Approved,
            Approvals = [new ApprovalDecision("dana", true, "the site is down", Samples.Noon) { IsBreakGlass = true }],
        };
        await channel.DeliverAsync(new ChannelEvent(broken, Samples.Noon), default);
        Assert.That(_host.Slack.Requests.Select(one => one.Path), Is.EqualTo(new[] { "/api/chat.postMessage", "/api/chat.postMessage", "/api/chat.update" }));
        Assert.That(Encoding.UTF8.GetString(_host.Slack.Requests.ElementAt(1).Body), Does.Contain("GLASS BROKEN").And.Contain("the site is down"));
    }

    /// <summary>The next message that only one user sees.</summary>
    private async Task<JsonElement> EphemeralAsync()
    {
        for (var index = 0; ; index++)
        {
            var request = await _host.Slack.NextAsync(index, default);
            if (request.Path == "/api/chat.postEphemeral")
                return request.Json;
        }
    }
}
