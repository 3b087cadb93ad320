using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Server.Tests.Metrics;

[TestFixture]
[NonParallelizable]
public sealed class ListenerMetricsTests
{
    [Test]
    public void Counts_of_many_threads_add_up()
    {
        using var metrics = new MetricsFixture();
        var rule = metrics.Listener.MaskedValues("x");
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                metrics.Listener.StatementsCompleted(StatementKinds.Select, RuleAction.Allow, 2);
                rule.Add(3);
            }
        });
        Assert.That(rule.Value, Is.EqualTo(240_000));
        Assert.That(metrics.Pipeline.CollectText(), Does.Contain("wireguardian_statements_total{action=\"allow\",kind=\"select\",listener=\"app\",protocol=\"postgres\"} 160000\n"));
    }

    [Test]
    public void Counting_allocates_nothing()
    {
        using var metrics = new MetricsFixture();
        var rule = metrics.Listener.MaskedValues("x");
        Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Count();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Count()
        {
            metrics.Listener.StatementsCompleted(StatementKinds.Select, RuleAction.Allow);
            metrics.Listener.BytesFromClient(1);
            metrics.Listener.BytesFromServer(1);
            metrics.Listener.OverheadTicks(100);
            metrics.Listener.ProtocolError("length");
            metrics.Listener.MaskedValues("x");
            rule.Add(1);
        }
    }

    [Test]
    public void Overheads_are_handed_on_once_and_stay_in_their_buckets()
    {
        using var metrics = new MetricsFixture();
        foreach (var microseconds in new[] { 1, 1, 1.1, 2, 2, 2.1, 200_000 })
            metrics.Listener.Overhead(TimeSpan.FromTicks((long)(microseconds * TimeSpan.TicksPerMicrosecond)));
        _ = metrics.Pipeline.CollectText();
        metrics.Listener.Overhead(TimeSpan.FromMicroseconds(3));
        var text = metrics.Pipeline.CollectText();
        foreach (var (bound, count) in new[] { ("1e-06", 2), ("2e-06", 5), ("5e-06", 7), ("0.1", 7), ("+Inf", 8) })
            Assert.That(text, Does.Contain($"wireguardian_statement_overhead_seconds_bucket{{listener=\"app\",protocol=\"postgres\",le=\"{bound}\"}} {count}\n"));
        Assert.That(text, Does.Contain("wireguardian_statement_overhead_seconds_count{listener=\"app\",protocol=\"postgres\"} 8\n"));
    }

    [Test]
    public void A_statement_counts_under_its_most_severe_kind()
    {
        Assert.That(StatementKindLabel.Of(StatementKinds.Select | StatementKinds.Delete), Is.EqualTo("delete"));
        Assert.That(StatementKindLabel.Of(StatementKinds.Explain | StatementKinds.Select), Is.EqualTo("explain"));
        Assert.That(StatementKindLabel.Of(StatementKinds.Unclassified | StatementKinds.Ddl), Is.EqualTo("unclassified"));
        Assert.That(StatementKindLabel.Of(StatementKinds.None), Is.EqualTo("unclassified"));
        Assert.That(StatementKindLabel.All, Is.EquivalentTo(StatementKindNames.All));
    }

    [Test]
    public void Labels_cannot_grow_without_end()
    {
        using var metrics = new MetricsFixture();
        for (var i = 0; i < 1000; i++)
            metrics.Listener.ProtocolError($"reason {i}");
        var lines = metrics.Pipeline.CollectText().Split('\n').Where(line => line.StartsWith("wireguardian_protocol_errors_total{", StringComparison.Ordinal)).ToList();
        Assert.That(lines, Has.Count.EqualTo(201));
        Assert.That(lines, Has.One.EqualTo("wireguardian_protocol_errors_total{listener=\"app\",protocol=\"postgres\",reason=\"other\"} 800"));
    }
}
