using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;
using WireGuardian.Testing.Time;

namespace WireGuardian.ControlPlane.Tests.Operators;

public sealed class OidcTests
{
    private readonly FakeTime _time = new();
    private Provider _provider = null!;
    private HttpClient _http = null!;
    private OidcKeys _keys = null!;
    private IReadOnlyList<OperatorOptions> _operators = [];

    [SetUp]
    public async Task StartAsync()
    {
        _operators = [];
        _provider = await Provider.StartAsync();
        _http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        _keys = new OidcKeys(Options(), _http, _time, NullLogger.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _keys.Dispose();
        _http.Dispose();
        await _provider.DisposeAsync();
    }

    [Test]
    public async Task A_good_token_of_a_group_that_may_is_an_operator_with_the_groups_of_its_claim()
    {
        var verified = await VerifyAsync(Token());
        Assert.That(verified.Operator!.Name, Is.EqualTo("olga"));
        Assert.That(verified.Operator.Groups, Is.EqualTo(new[] { "dba", "staff" }));
        Assert.That(verified.Method, Is.EqualTo("oidc"));
    }

    [Test]
    public async Task A_group_may_come_as_one_name()
        => Assert.That((await VerifyAsync(Token(("groups", "dba")))).Operator!.Groups, Is.EqualTo(new[] { "dba" }));

    [TestCase("iss", "https://elsewhere.example", "from another issuer")]
    [TestCase("aud", "somebody-else", "for another audience")]
    [TestCase("aud", null, "for another audience")]
    [TestCase("sub", null, "no usable name in the claim that \"nameClaim\" names")]
    [TestCase("sub", "ol\nga", "no usable name in the claim that \"nameClaim\" names")]
    [TestCase("sub", " olga", "no usable name in the claim that \"nameClaim\" names")]
    [TestCase("exp", null, "expired")]
    [TestCase("groups", null, "not an operator")]
    [TestCase("groups", "staff", "not an operator")]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, string? value, string problem)
    {
        var verified = await VerifyAsync(Token((claim, value)));
        Assert.That(verified.Operator, Is.Null);
        Assert.That(verified.Problem, Is.EqualTo(problem));
    }

    [Test]
    public async Task A_token_counts_from_its_beginning_to_its_end_give_or_take_a_minute()
    {
        var token = Token(("nbf", _time.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds()));
        Assert.That((await VerifyAsync(token)).Problem, Is.EqualTo("not valid yet"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await VerifyAsync(token)).Problem, Is.Empty);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await VerifyAsync(token)).Problem, Is.Empty);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await VerifyAsync(token)).Problem, Is.EqualTo("expired"));
    }

    [Test]
    public async Task Signatures_that_anybody_could_make_are_refused()
    {
        var payload = $$"""{"iss":"{{_provider.Issuer}}","aud":"wireguardian","sub":"olga","groups":["dba"],"exp":{{_time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()}}}""";
        var none = Provider.Raw("""{"alg":"none","kid":"k1"}""", payload, _ => []);
        var shared = Provider.Raw("""{"alg":"HS256","kid":"k1"}""", payload, text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(_provider.KeySet()), text));
        foreach (var token in new[] { none, shared })
            Assert.That((await VerifyAsync(token)).Problem, Is.EqualTo("signed with an algorithm that is not allowed"));

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That((await VerifyAsync(_provider.Token(_time.GetUtcNow(), keyId: "k1", key: other))).Problem, Is.EqualTo("the signature is wrong"));
        var good = Token();
        var tampered = $"{good[..(good.IndexOf('.') + 10)]}A{good[(good.IndexOf('.') + 11)..]}";
        Assert.That((await VerifyAsync(tampered)).Operator, Is.Null);
    }

    [Test]
    public async Task A_critical_extension_is_refused()
    {
        var token = Provider.Raw("""{"alg":"ES256","kid":"k1","crit":["b64"],"b64":false}""", "{}", _ => new byte[64]);
        Assert.That((await VerifyAsync(token)).Problem, Is.EqualTo("a critical extension that is not understood"));
    }

    [Test]
    public async Task What_is_no_token_is_refused_without_asking_the_provider()
    {
        foreach (var text in new[] { "eyJ..", "eyJhbGciOiJFUzI1NiJ9.x.y", "a.b.c", "eyJ" + new string('x', 5000) + "..", "eyJhbGciOiJFUzI1NiJ9.e30" })
            Assert.That((await VerifyAsync(text)).Operator, Is.Null);
        Assert.That(_provider.Fetches, Is.Zero);
    }

    [Test]
    public async Task A_new_key_is_fetched_when_a_token_names_it_but_not_for_every_guess()
    {
        await VerifyAsync(Token());
        Assert.That(_provider.Fetches, Is.EqualTo(1));
        _provider.Rotate("k2");
        Assert.That((await VerifyAsync(Token())).Problem, Is.EqualTo("signed with a key that the provider is not known to have"));
        Assert.That(_provider.Fetches, Is.EqualTo(1));

        _time.Advance(OidcKeys.PauseBetweenFetches);
        Assert.That((await VerifyAsync(Token())).Operator, Is.Not.Null);
        for (var guess = 0; guess < 20; guess++)
            await VerifyAsync(_provider.Token(_time.GetUtcNow(), keyId: $"guess-{guess}"));
        Assert.That(_provider.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task While_the_provider_is_down_known_keys_go_on_for_a_day_and_unknown_ones_are_refused()
    {
        await VerifyAsync(Token());
        _provider.IsDown = true;
        _time.Advance(TimeSpan.FromHours(23));
        Assert.That((await VerifyAsync(Token())).Operator, Is.Not.Null);
        Assert.That((await VerifyAsync(_provider.Token(_time.GetUtcNow(), keyId: "k2"))).Operator, Is.Null);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That((await VerifyAsync(Token())).Operator, Is.Null);

        _provider.IsDown = false;
        _time.Advance(OidcKeys.PauseBetweenFetches);
        Assert.That((await VerifyAsync(Token())).Operator, Is.Not.Null);
    }

    [Test]
    public async Task A_provider_that_speaks_for_another_issuer_gives_no_keys()
    {
        _provider.ClaimedIssuer = "https://elsewhere.example";
        Assert.That((await VerifyAsync(Token())).Operator, Is.Null);
        Assert.That(_provider.Fetches, Is.Zero);
    }

    [TestCase("dana")]
    [TestCase("DANA")]
    public async Task A_name_of_the_configuration_is_not_had_by_calling_oneself_so(string name)
    {
        _operators = [new OperatorOptions("dana", ["dba"], "0123456789abcdef")];
        var verified = await VerifyAsync(Token(("sub", name)));
        Assert.That(verified.Operator, Is.Null);
        Assert.That(verified.Problem, Is.EqualTo("the name is a configured operator's"));
        Assert.That(verified.Identity, Is.EqualTo(name));
    }

    [Test]
    public async Task A_mapped_name_is_the_configured_operator_with_both_groups()
    {
        _operators = [new OperatorOptions("dana", ["security"], "") { Oidc = "olga" }];
        var verified = await VerifyAsync(Token(("groups", "staff")));
        Assert.That(verified.Operator!.Name, Is.EqualTo("dana"));
        Assert.That(verified.Operator.Groups, Is.EqualTo(new[] { "security", "staff" }));
        Assert.That(verified.Identity, Is.EqualTo("olga"));
    }

    [Test]
    public async Task An_address_that_is_not_verified_names_nobody()
    {
        var options = Options() with { NameClaim = "email" };
        var tokens = new OidcTokens(options, _keys, _time);
        Assert.That((await tokens.VerifyAsync(Token(("email", "o@example.com"), ("email_verified", false)), default)).Identity, Is.Null);
        Assert.That((await tokens.VerifyAsync(Token(("email", "o@example.com"), ("email_verified", true)), default)).Identity!.Name, Is.EqualTo("o@example.com"));
    }

    private OidcOptions Options() => new() { Issuer = _provider.Issuer, Audience = "wireguardian", OperatorGroups = ["dba"] };

    private string Token(params (string Claim, object? Value)[] changes) =>
        _provider.Token(_time.GetUtcNow(), changes.ToDictionary(change => change.Claim, change => change.Value));

    private async Task<OperatorVerification> VerifyAsync(string token)
    {
        var registry = new OperatorRegistry(_operators, People.None);
        return await new OperatorVerifier(() => registry, new OidcTokens(Options(), _keys, _time), _time).VerifyAsync(new OperatorCredentials(token), default);
    }
}
