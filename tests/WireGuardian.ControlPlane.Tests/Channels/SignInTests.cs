using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using WireGuardian.ControlPlane.Tests.Operators;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;

namespace WireGuardian.ControlPlane.Tests.Channels;

/// <summary>Operators who sign in to the page at a local OpenID provider.</summary>
[TestFixture]
public sealed partial class SignInTests
{
    private Provider _provider = null!;
    private CallbackHost _host = null!;
    private HttpClient _browser = null!;
    private CookieContainer _cookies = null!;

    [SetUp]
    public async Task Start()
    {
        _provider = await Provider.StartAsync();
        _host = await CallbackHost.StartAsync(_provider);
        (_browser, _cookies) = NewBrowser();
    }

    [TearDown]
    public async Task Stop()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Test]
    public async Task Who_signed_in_decides_and_it_is_on_record_how()
    {
        var request = await _host.HoldAsync();
        var page = await _browser.GetStringAsync(_host.Links.To(request));
        Assert.That(page, Does.Contain("Sign in").And.Contain("name=\"token\""));
        var sent = await BeginAsync(request);
        Assert.That((sent["response_type"], sent["client_id"], sent["code_challenge_method"]), Is.EqualTo(("code", "wgctl", "S256")));
        Assert.That(sent["scope"].Split(' '), Does.Contain("openid").And.Not.Contain("offline_access"));
        Assert.That(new Uri(sent["redirect_uri"]), Is.EqualTo(new Uri(_host.Links.To(request), "/signin")));

        Answer(sent);
        var back = await ComeBackAsync(sent);
        var html = await back.Content.ReadAsStringAsync();
        Assert.That(back.StatusCode, Is.EqualTo(HttpStatusCode.OK), html);
        Assert.That(html, Does.Contain("You are signed in as olga."));
        Assert.That(back.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains("session", StringComparison.Ordinal)),
            Does.Contain("httponly").IgnoreCase.And.Contain("samesite=strict").IgnoreCase.And.Contain("max-age=600").IgnoreCase);
        var redeemed = _provider.Forms.Single();
        Assert.That((redeemed["grant_type"], redeemed["code"], redeemed["redirect_uri"]), Is.EqualTo(("authorization_code", "the-code", sent["redirect_uri"])));
        Assert.That(WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(redeemed["code_verifier"]))), Is.EqualTo(sent["code_challenge"]));

        page = await _browser.GetStringAsync(new Uri(_host.Links.To(request), WebUtility.HtmlDecode(Target().Match(html).Groups[1].Value)));
        Assert.That(page, Does.Contain("You are signed in as olga.").And.Not.Contain("name=\"token\""));
        var decided = await DecideAsync(request, page);
        Assert.That(decided.StatusCode, Is.EqualTo(HttpStatusCode.OK), await decided.Content.ReadAsStringAsync());
        var approval = _host.Queue.Find(request.Id)!.Approvals.Single();
        Assert.That((approval.Operator, approval.Method, approval.Channel), Is.EqualTo(("olga", "oidc", "teams")));
        var record = _host.Audit.Records.Single(one => one.Event == AuditEvents.Approve);
        Assert.That((record.Operator, record.Method, record.Channel), Is.EqualTo(("olga", "oidc", "teams")));
        Assert.That(_host.Audit.Records.Single(one => one.Event == AuditEvents.OperatorLogin).Method, Is.EqualTo("oidc"));
    }

    [Test]
    public async Task Names_and_groups_map_to_operators_as_those_of_bearer_tokens_do()
    {
        var request = await _host.HoldAsync();
        Assert.That(await SignInAsync(request, new() { ["sub"] = "otto-at-the-provider", ["groups"] = null }), Does.Contain("signed in as otto."));
        Assert.That(await SignInAsync(request, new() { ["groups"] = new[] { "staff" } }), Does.Contain("nor in a group"));
        Assert.That(await SignInAsync(request, new() { ["sub"] = "dana" }), Does.Contain("A configured operator has this name"));
        Assert.That(_host.Audit.Records.Count(one => one.Event == AuditEvents.OperatorRefused), Is.EqualTo(2));
    }

    [Test]
    public async Task A_session_ends_and_then_decides_nothing()
    {
        var request = await _host.HoldAsync();
        await SignInAsync(request);
        var page = await _browser.GetStringAsync(_host.Links.To(request));
        _host.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That((await DecideAsync(request, page)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        Assert.That(await _browser.GetStringAsync(_host.Links.To(request)), Does.Contain("name=\"token\""));
    }

    [Test]
    public async Task A_forged_form_decides_nothing_although_the_browser_is_signed_in()
    {
        var request = await _host.HoldAsync();
        await SignInAsync(request);
        var page = await _browser.GetStringAsync(_host.Links.To(request));
        Assert.That((await DecideAsync(request, "name=\"form\" value=\"x\"")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await DecideAsync(request, page, origin: "https://evil.example")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Queue.Find(request.Id)!.State, Is.EqualTo(ApprovalState.Pending));
        var (stranger, _) = NewBrowser();
        using (stranger)
            Assert.That((await stranger.PostAsync(_host.Links.To(request), Form(page, "approve"))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task An_answer_counts_once_and_in_its_own_browser_alone()
    {
        var request = await _host.HoldAsync();
        var sent = await BeginAsync(request);
        Answer(sent);
        var (victim, _) = NewBrowser();
        using (victim)
            Assert.That((await victim.GetAsync(BackTo(sent))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "somebody else's sign-in");
        Assert.That((await ComeBackAsync(sent)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "it was spent");
        Assert.That(_provider.Forms, Is.Empty, "nothing was asked of the provider");
        _provider.TokenAnswers.Clear();
        sent = await BeginAsync(request);
        Answer(sent);
        Assert.That((await ComeBackAsync(sent)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await ComeBackAsync(sent)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "a replay");
    }

    [TestCase("a state that was never given")]
    [TestCase("no state")]
    [TestCase("late")]
    [TestCase("another issuer")]
    [TestCase("refused by the provider")]
    [TestCase("no token for the code")]
    [TestCase("an answer without an ID token")]
    public async Task Answers_that_are_none_of_the_sign_in_are_refused_and_recorded(string what)
    {
        var request = await _host.HoldAsync();
        var sent = await BeginAsync(request);
        Answer(sent, status: what == "no token for the code" ? 400 : 200, body: what == "an answer without an ID token" ? """{"access_token":"x"}""" : null);
        if (what == "late")
            _host.Time.Advance(TimeSpan.FromMinutes(11));
        var state = Uri.EscapeDataString(sent["state"]);
        var back = what switch
        {
            "a state that was never given" => "?code=the-code&state=guess",
            "no state" => "?code=the-code",
            "another issuer" => $"?code=the-code&state={state}&iss=https%3A%2F%2Fevil.example",
            "refused by the provider" => $"?error=access_denied&state={state}",
            _ => $"?code=the-code&state={state}",
        };
        var answer = await _browser.GetAsync(new Uri(new Uri(sent["redirect_uri"]), $"/signin{back}"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_host.Audit.Records[^1].Event, Is.EqualTo(AuditEvents.OperatorRefused));
        Assert.That(_cookies.GetAllCookies().Any(cookie => cookie.Name.Contains("session", StringComparison.Ordinal)), Is.False);
    }

    private static IEnumerable<TestCaseData> WrongTokens()
    {
        yield return new TestCaseData("for another audience", new Dictionary<string, object?> { ["aud"] = "somebody-else" });
        yield return new TestCaseData("for another audience", new Dictionary<string, object?> { ["aud"] = "wireguardian" });
        yield return new TestCaseData("for another client", new Dictionary<string, object?> { ["aud"] = new[] { "wgctl", "other" }, ["azp"] = "other" });
        yield return new TestCaseData("for another client", new Dictionary<string, object?> { ["aud"] = new[] { "wgctl", "other" } });
        yield return new TestCaseData("from another issuer", new Dictionary<string, object?> { ["iss"] = "https://evil.example" });
        yield return new TestCaseData("expired", new Dictionary<string, object?> { ["exp"] = 1_000_000_000 });
        yield return new TestCaseData("of another sign-in", new Dictionary<string, object?> { ["nonce"] = "another" });
        yield return new TestCaseData("of another sign-in", new Dictionary<string, object?> { ["nonce"] = null });
    }

    [TestCaseSource(nameof(WrongTokens))]
    public async Task Id_tokens_that_do_not_hold_are_refused(string problem, Dictionary<string, object?> changes)
    {
        var request = await _host.HoldAsync();
        await SignInAsync(request, changes);
        Assert.That(_host.Audit.Records[^1].Detail, Is.EqualTo($"a sign-in with an ID token that is refused: {problem}"));
        Assert.That(await _browser.GetStringAsync(_host.Links.To(request)), Does.Not.Contain("You are signed in"));
    }

    [Test]
    public async Task An_id_token_of_a_key_that_is_not_the_providers_is_refused()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = await _host.HoldAsync();
        var sent = await BeginAsync(request);
        Answer(sent, key: own);
        Assert.That((await ComeBackAsync(sent)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task It_begins_only_with_a_good_link_and_while_the_provider_answers()
    {
        var request = await _host.HoldAsync();
        var link = _host.Links.To(request);
        Assert.That((await _browser.GetAsync(new Uri(link, $"/requests/{request.Id}/signin?e=1&s=2"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        _provider.IsDown = true;
        Assert.That((await _browser.GetAsync(SignInAt(link))).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        _provider.IsDown = false;
        _provider.ClaimedIssuer = "https://evil.example";
        Assert.That((await _browser.GetAsync(SignInAt(link))).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private static (HttpClient Browser, CookieContainer Cookies) NewBrowser()
    {
        var cookies = new CookieContainer();
        return (new(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }), cookies);
    }

    private static Uri SignInAt(Uri link) => new(link, $"{link.AbsolutePath}/signin{link.Query}");

    /// <summary>What the browser is sent to the provider with.</summary>
    private async Task<Dictionary<string, string>> BeginAsync(ApprovalRequest request)
    {
        var answer = await _browser.GetAsync(SignInAt(_host.Links.To(request)));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(answer.Headers.GetValues("Set-Cookie").Single(), Does.Contain("httponly").IgnoreCase.And.Contain("samesite=lax").IgnoreCase);
        Assert.That(answer.Headers.Location!.GetLeftPart(UriPartial.Path), Is.EqualTo($"{_provider.Issuer}/authorize"));
        return QueryHelpers.ParseQuery(answer.Headers.Location.Query).ToDictionary(one => one.Key, one => one.Value.ToString());
    }

    /// <summary>What the token endpoint says next.</summary>
    private void Answer(Dictionary<string, string> sent, Dictionary<string, object?>? changes = null, int status = 200, string? body = null, ECDsa? key = null)
    {
        var claims = new Dictionary<string, object?> { ["aud"] = "wgctl", ["nonce"] = sent["nonce"] };
        foreach (var (name, value) in changes ?? [])
            claims[name] = value;
        var token = _provider.Token(_host.Time.GetUtcNow(), claims, key: key);
        _provider.TokenAnswers.Enqueue((status, body ?? JsonSerializer.Serialize(new { access_token = "opaque", token_type = "Bearer", id_token = token })));
    }

    private static Uri BackTo(Dictionary<string, string> sent) => new($"{sent["redirect_uri"]}?code=the-code&state={Uri.EscapeDataString(sent["state"])}");

    private Task<HttpResponseMessage> ComeBackAsync(Dictionary<string, string> sent) => _browser.GetAsync(BackTo(sent));

    private async Task<string> SignInAsync(ApprovalRequest request, Dictionary<string, object?>? changes = null)
    {
        var sent = await BeginAsync(request);
        Answer(sent, changes);
        return await (await ComeBackAsync(sent)).Content.ReadAsStringAsync();
    }

    private static FormUrlEncodedContent Form(string page, string decision) =>
        new([new("form", FormKey().Match(page).Groups[1].Value), new("decision", decision), new("reason", "")]);

    private async Task<HttpResponseMessage> DecideAsync(ApprovalRequest request, string page, string? origin = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _host.Links.To(request)) { Content = Form(page, "approve") };
        if (origin is not null)
            message.Headers.Add("Origin", origin);
        return await _browser.SendAsync(message);
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormKey();

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Target();
}
