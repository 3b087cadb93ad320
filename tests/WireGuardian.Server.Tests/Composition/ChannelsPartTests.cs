using System.Diagnostics.Metrics;
using WireGuardian.ControlPlane.Tests.Channels;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Composition.Parts;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Logging;
using WireGuardian.Server.Tests.Configuration;

namespace WireGuardian.Server.Tests.Composition;

/// <summary>The server's parts as they are composed, with a webhook.</summary>
[TestFixture]
public sealed class ChannelsPartTests
{
    [Test]
    public async Task A_held_statement_reaches_the_channel_and_so_does_its_end_when_the_server_stops()
    {
        await using var receiver = await Receiver.StartAsync();
        using var folder = new ConfigurationFolder();
        folder.With("config.yaml", Yaml.Minimal + $$"""
            control: { listen: "127.0.0.1:0" }
            operators: [{ name: dana, token: 0123456789abcdef }]
            approvals:
              - { name: changes, kinds: [ddl], action: hold }
              - { name: other, kinds: [export], action: hold }
            channels: [{ name: siem, type: webhook, url: "{{receiver.Url}}", secret: 0123456789abcdef0123456789abcdef, rules: [changes] }]
            """);
        using var meter = new Meter(ProxyMetrics.MeterName);
        var parts = ServerComposition.Compose(Context(folder, meter)).Parts;
        var store = parts.OfType<StorePart>().Single();
        await store.StartAsync(CancellationToken.None);
        var early = await store.Queue.SubmitAsync(Request("changes"), CancellationToken.None);
        foreach (var part in parts.Where(part => part != store))
            await part.StartAsync(CancellationToken.None);
        Assert.That((await receiver.NextAsync(0, CancellationToken.None)).Json.GetProperty("data").GetProperty("id").GetString(), Is.EqualTo(early.Id), "pending at the start");

        await store.Queue.SubmitAsync(Request("other"), CancellationToken.None);
        var held = await store.Queue.SubmitAsync(Request("changes"), CancellationToken.None);
        Assert.That((await receiver.NextAsync(1, CancellationToken.None)).Json.GetProperty("data").GetProperty("id").GetString(), Is.EqualTo(held.Id));

        held.Abandon();
        await held.Decision;
        foreach (var part in parts.Reverse())
            await part.StopAsync(CancellationToken.None);
        foreach (var part in parts.Reverse())
            await part.DisposeAsync();
        Assert.That(receiver.Requests.Select(request => request.Json.GetProperty("type").GetString()), Is.EqualTo(new[] { "approval_request.pending", "approval_request.pending", "approval_request.abandoned" }));
    }

    private static ServerContext Context(ConfigurationFolder folder, Meter meter)
    {
        var configuration = ConfigurationLoader.Load(folder.ConfigurationPath, _ => null, TimeProvider.System);
        return new ServerContext
        {
            Configuration = configuration,
            Policies = new PolicySource(configuration.Policy),
            MaskingKey = new byte[32],
            Meter = meter,
            Metrics = new ProxyMetrics(meter),
            Loggers = LineLoggerProvider.CreateFactory(TextWriter.Null, LogFormat.Text, Microsoft.Extensions.Logging.LogLevel.Information, TimeProvider.System),
            Time = TimeProvider.System,
        };
    }

    private static ApprovalRequest Request(string rule)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new ApprovalRequest
        {
            Id = "",
            State = ApprovalState.Pending,
            Listener = "app",
            Protocol = "postgres",
            User = "ana",
            Database = "shop",
            Client = "192.0.2.7",
            Application = "psql",
            Statement = "drop table orders",
            Kinds = StatementKinds.Ddl,
            Rule = rule,
            Digest = new string('a', 64),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(10),
        };
    }
}
