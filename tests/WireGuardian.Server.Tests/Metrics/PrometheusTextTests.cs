using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WireGuardian.Server.Tests.Metrics;

[TestFixture]
[NonParallelizable]
public sealed class PrometheusTextTests
{
    private const string Labels = "listener=\"app\",protocol=\"postgres\"";

    [Test]
    public void The_proxys_metrics_are_written_in_the_exposition_format()
    {
        using var metrics = new MetricsFixture();
        metrics.CountOneOfEach();
        Assert.That(metrics.Pipeline.CollectText(), Is.EqualTo($$"""
            # HELP wireguardian_statement_overhead_seconds Time that the proxy itself adds to a statement.
            # TYPE wireguardian_statement_overhead_seconds histogram
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="1e-06"} 0
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="2e-06"} 0
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="5e-06"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="1e-05"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="2e-05"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="5e-05"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.0001"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.0002"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.0005"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.001"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.002"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.005"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.01"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.02"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.05"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="0.1"} 1
            wireguardian_statement_overhead_seconds_bucket{{{Labels}},le="+Inf"} 2
            wireguardian_statement_overhead_seconds_sum{{{Labels}}} 1.000003
            wireguardian_statement_overhead_seconds_count{{{Labels}}} 2
            # HELP wireguardian_connections_active Client connections open now.
            # TYPE wireguardian_connections_active gauge
            wireguardian_connections_active{{{Labels}}} 1
            # HELP wireguardian_connections_total Client connections accepted.
            # TYPE wireguardian_connections_total counter
            wireguardian_connections_total{{{Labels}}} 2
            # HELP wireguardian_statements_total Statements by their most severe kind and by what policy did with them.
            # TYPE wireguardian_statements_total counter
            wireguardian_statements_total{action="hold",kind="delete",{{Labels}}} 1
            wireguardian_statements_total{action="allow",kind="select",{{Labels}}} 3
            # HELP wireguardian_masked_values_total Values masked, by rule.
            # TYPE wireguardian_masked_values_total counter
            wireguardian_masked_values_total{{{Labels}},rule="contact \"details\"\\"} 5
            # HELP wireguardian_bytes_total Bytes of the protocol that were relayed, without TLS and compression, by direction.
            # TYPE wireguardian_bytes_total counter
            wireguardian_bytes_total{direction="client_to_server",{{Labels}}} 10
            wireguardian_bytes_total{direction="server_to_client",{{Labels}}} 20
            # HELP wireguardian_protocol_errors_total Connections closed or messages refused because a side broke the protocol, by reason.
            # TYPE wireguardian_protocol_errors_total counter
            wireguardian_protocol_errors_total{{{Labels}},reason="length"} 1
            # HELP wireguardian_predicate_budget_refusals_total Statements refused because their principal's budget of predicates on masked columns was used up.
            # TYPE wireguardian_predicate_budget_refusals_total counter
            wireguardian_predicate_budget_refusals_total{{{Labels}}} 0

            """));
    }

    [Test]
    public void Units_types_and_odd_characters_are_written_as_prometheus_wants_them()
    {
        using var metrics = new MetricsFixture();
        metrics.Meter.CreateObservableGauge("wireguardian.load", () => double.PositiveInfinity, null, "Two\nlines \\ and \"quotes\".");
        metrics.Meter.CreateObservableGauge("wireguardian.pending", () => new Measurement<int>(4, new KeyValuePair<string, object?>("odd label", "a\nb")), "s", "");
        metrics.Meter.CreateCounter<double>("wireguardian.waited", "s", "Waiting.").Add(1.5);
        Assert.That(metrics.Pipeline.CollectText(), Does.Contain("""
            # HELP wireguardian_load Two\nlines \\ and "quotes".
            # TYPE wireguardian_load gauge
            wireguardian_load +Inf
            # HELP wireguardian_pending_seconds 
            # TYPE wireguardian_pending_seconds gauge
            wireguardian_pending_seconds{odd_label="a\nb"} 4
            # HELP wireguardian_waited_seconds_total Waiting.
            # TYPE wireguardian_waited_seconds_total counter
            wireguardian_waited_seconds_total 1.5
            """));
    }

    [Test]
    public void Waits_for_operators_are_counted_in_seconds_to_hours()
    {
        using var metrics = new MetricsFixture();
        metrics.Meter.CreateHistogram<double>("wireguardian.approval.wait", "s", "Waiting.").Record(45);
        Assert.That(metrics.Pipeline.CollectText(), Does.Contain("""
            wireguardian_approval_wait_seconds_bucket{le="30"} 0
            wireguardian_approval_wait_seconds_bucket{le="60"} 1
            """));
    }

    [Test]
    public async Task Promtool_finds_nothing_wrong()
    {
        using var metrics = new MetricsFixture();
        metrics.CountOneOfEach();
        Process promtool;
        try
        {
            promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("promtool is not installed (Debian package prometheus); ./test installs it");
            return;
        }
        using (promtool)
        {
            await promtool.StandardInput.WriteAsync(metrics.Pipeline.CollectText());
            promtool.StandardInput.Close();
            var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync();
            Assert.That((promtool.ExitCode, said), Is.EqualTo((0, "")));
        }
    }
}
