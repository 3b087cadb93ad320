using System.Net;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.ControlPlane.Tests.Server;

public class OperatorAuthenticationTests
{
    private ControlPlaneHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { RefusalsPerAddress = 2 });

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase(null, "no operator token")]
    [TestCase("", "no operator token")]
    [TestCase("guess", "unknown operator token")]
    public async Task A_call_without_a_valid_token_is_refused_and_recorded(string? token, string detail)
    {
        Assert.That(await StatusAsync(token), Is.EqualTo(StatusCode.Unauthenticated));
        var record = _host.Audit.Records.Single().Record;
        Assert.That(record.Event, Is.EqualTo("operator-refused"));
        Assert.That(record.Client, Is.EqualTo("127.0.0.1"));
        Assert.That(record.Detail, Is.EqualTo(detail));
        Assert.That(record.ToString(), Does.Not.Contain("guess"));
    }

    [Test]
    public async Task Every_method_asks_for_a_token()
    {
        var stranger = _host.Client("guess");
        Func<Task>[] calls =
        [
            () => stranger.ListRequestsAsync(new ListRequestsRequest(), default),
            () => stranger.GetRequestAsync(new GetRequestRequest(), default),
            () => stranger.WatchRequestsAsync(new WatchRequestsRequest(), default).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask(),
            () => stranger.ApproveAsync(new ApproveRequest(), default),
            () => stranger.DenyAsync(new DenyRequest(), default),
            () => stranger.QueryAuditAsync(new QueryAuditRequest(), default),
            () => stranger.GetServerInfoAsync(new GetServerInfoRequest(), default),
        ];
        foreach (var call in calls)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
            Assert.That(refused!.StatusCode, Is.AnyOf(StatusCode.Unauthenticated, StatusCode.ResourceExhausted));
        }
    }

    [Test]
    public async Task An_address_that_guesses_is_no_longer_heard_not_even_with_the_right_token()
    {
        await StatusAsync("guess-1");
        await StatusAsync("guess-2");
        Assert.That(await StatusAsync("guess-3"), Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(await StatusAsync(FakeOperators.Dana), Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(_host.Audit.Records, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task An_operator_who_was_let_in_before_is_not_locked_out_by_guesses_from_the_same_address()
    {
        Assert.That(await StatusAsync(FakeOperators.Dana), Is.EqualTo(StatusCode.OK));
        await StatusAsync("guess-1");
        await StatusAsync("guess-2");
        Assert.That(await StatusAsync("guess-3"), Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(await StatusAsync(FakeOperators.Dana), Is.EqualTo(StatusCode.OK));
        Assert.That(await StatusAsync(FakeOperators.Erin), Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task A_refusal_that_cannot_be_recorded_is_a_refusal_all_the_same()
    {
        _host.Audit.Unavailable = true;
        Assert.That(await StatusAsync("guess"), Is.EqualTo(StatusCode.Unavailable));
    }

    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8:1:2:3:4:5:6", "20010DB800010002")]
    [TestCase("2001:db8:1:2:ffff::9", "20010DB800010002")]
    public void Addresses_of_one_caller_count_as_one(string address, string key)
        => Assert.That(RemoteAddress.LimitKey(IPAddress.Parse(address)), Is.EqualTo(key));

    private async Task<StatusCode> StatusAsync(string? token)
    {
        try
        {
            await _host.Client(token).GetServerInfoAsync(new GetServerInfoRequest(), default);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
