using System.Text.Json;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Tests.Hosting;

namespace WireGuardian.ControlPlane.Tests.ForeignClients;

/// <summary>Calls by <c>@grpc/grpc-js</c>: unary, streamed, cancelled, past a deadline, refused, too large.</summary>
[CancelAfter(180_000)]
public class GrpcJsTests
{
    [Test]
    public async Task Grpc_js_makes_every_sort_of_call(CancellationToken cancellationToken)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Queue.Set(Samples.Request("R1"));
        host.Queue.Stuck.TryAdd("R2", true);
        host.Queue.Set(Samples.Request("R2"));

        var script = Path.Combine(NpmClients.Root, "tests", "WireGuardian.ControlPlane.Tests", "ForeignClients", "grpc-js.cjs");
        var node = await NpmClients.RunAsync("node", [script, host.HostAndPort, FakeOperators.Dana, NpmClients.ProtoRoot], cancellationToken);
        Assert.That(node.ExitCode, Is.Zero, node.Error);
        var seen = JsonDocument.Parse(node.Output).RootElement;

        Assert.That(seen.GetProperty("info").GetProperty("response").GetProperty("operator").GetString(), Is.EqualTo("dana"));
        Assert.That(CodeOf(seen, "stranger"), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(CodeOf(seen, "unknown"), Is.EqualTo(StatusCode.NotFound));
        Assert.That(seen.GetProperty("unknown").GetProperty("details").GetString(), Is.EqualTo("There is no request with this id."));
        Assert.That(
            seen.GetProperty("watched").EnumerateArray().Select(w => w.GetString()),
            Is.EqualTo(new[] { "R1 APPROVAL_STATE_PENDING", "R2 APPROVAL_STATE_PENDING", "caught up", "R1 APPROVAL_STATE_DENIED" }));
        Assert.That((StatusCode)seen.GetProperty("ended").GetInt32(), Is.EqualTo(StatusCode.Cancelled));
        Assert.That(CodeOf(seen, "denied"), Is.EqualTo(StatusCode.OK));
        Assert.That(host.Queue.Find("R1")!.Approvals.Single().Reason, Is.EqualTo("größer als nötig"));
        Assert.That(CodeOf(seen, "late"), Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(CodeOf(seen, "held"), Is.EqualTo(StatusCode.DeadlineExceeded));
        Assert.That(CodeOf(seen, "large"), Is.EqualTo(StatusCode.ResourceExhausted));
    }

    private static StatusCode CodeOf(JsonElement seen, string call) => (StatusCode)seen.GetProperty(call).GetProperty("code").GetInt32();
}
