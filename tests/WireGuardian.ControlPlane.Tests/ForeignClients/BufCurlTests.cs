using System.Text.Json;
using WireGuardian.ControlPlane.Tests.Hosting;

namespace WireGuardian.ControlPlane.Tests.ForeignClients;

/// <summary>Calls by <c>buf curl</c> (connect-go), which knows the service by its .proto alone.</summary>
[CancelAfter(180_000)]
public class BufCurlTests
{
    private ControlPlaneHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await ControlPlaneHost.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Buf_curl_lists_and_approves(CancellationToken cancellationToken)
    {
        _host.Queue.Set(Samples.Request("R1"));
        var list = await CurlAsync("ListRequests", "{}", cancellationToken);
        Assert.That(list.ExitCode, Is.Zero, list.Error);
        var request = JsonDocument.Parse(list.Output).RootElement.GetProperty("requests")[0];
        Assert.That(request.GetProperty("id").GetString(), Is.EqualTo("R1"));
        Assert.That(request.GetProperty("createdAt").GetString(), Is.EqualTo("2025-06-01T12:00:00Z"));

        var approve = await CurlAsync("Approve", """{"id": "r1", "reason": "ok"}""", cancellationToken);
        Assert.That(approve.ExitCode, Is.Zero, approve.Error);
        Assert.That(_host.Queue.Find("R1")!.State, Is.EqualTo(Core.Approvals.ApprovalState.Approved));
    }

    [Test]
    public async Task Buf_curl_shows_the_status_of_a_refusal(CancellationToken cancellationToken)
    {
        var approve = await CurlAsync("Approve", """{"id": "nope"}""", cancellationToken);
        Assert.That(approve.ExitCode, Is.Not.Zero);
        Assert.That(approve.Error, Does.Contain("not_found").And.Contain("There is no request with this id."));
    }

    [Test]
    public async Task Buf_curl_without_a_token_is_unauthenticated(CancellationToken cancellationToken)
    {
        var info = await CurlAsync("GetServerInfo", "{}", cancellationToken, token: null);
        Assert.That(info.ExitCode, Is.Not.Zero);
        Assert.That(info.Error, Does.Contain("unauthenticated"));
    }

    [Test]
    public async Task Buf_finds_nothing_wrong_with_the_contract(CancellationToken cancellationToken)
    {
        // The service's own name is part of the contract, so the rule for its suffix does not apply.
        var lint = await NpmClients.RunAsync(
            "buf", ["lint", NpmClients.ProtoRoot, "--config", """{"version":"v2","lint":{"except":["SERVICE_SUFFIX"]}}"""], cancellationToken);
        Assert.That(lint.ExitCode, Is.Zero, lint.Output + lint.Error);
    }

    private Task<Finished> CurlAsync(string method, string json, CancellationToken cancellationToken, string? token = FakeOperators.Dana)
    {
        List<string> arguments =
            ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--schema", NpmClients.ProtoRoot, "--data", json];
        if (token is not null)
            arguments.AddRange(["--header", $"authorization: Bearer {token}"]);
        arguments.Add($"{_host.Address}wireguardian.control.v1.ControlPlane/{method}");
        return NpmClients.RunAsync("buf", arguments, cancellationToken);
    }
}
