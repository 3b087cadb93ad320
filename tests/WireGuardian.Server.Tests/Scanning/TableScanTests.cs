using System.Text;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Server.Scanning;

namespace WireGuardian.Server.Tests.Scanning;

/// <summary>Table after table, whatever becomes of one of them.</summary>
[TestFixture]
public sealed class TableScanTests
{
    [Test]
    public async Task A_table_that_cannot_be_read_does_not_stop_the_rest()
    {
        var sampler = new FakeSampler([Table("locked", "a"), Table("people", "email")]) { Read = table => table.Name == "locked" ? throw new TableUnreadableException("somebody has locked it", "SQLSTATE 55P03") : "ada@example.com" };
        var failures = new List<ScanFailure>();
        var scan = Scan(sampler, failures: failures);
        await scan.RunAsync(CancellationToken.None);
        Assert.That(failures, Is.EqualTo((ScanFailure[])[new("public.locked", "somebody has locked it", "SQLSTATE 55P03")]));
        Assert.That(scan.Report is { IsComplete: true, TablesRead: 1, ColumnsRead: 1 });
        Assert.That(scan.Report.Columns.Single().Place.Table.Name, Is.EqualTo("people"));
    }

    [Test]
    public async Task Columns_without_a_right_are_named_and_masked_ones_left_out()
    {
        var table = Table("people", "email", "hidden", "masked");
        table = table with { Columns = [table.Columns[0], table.Columns[1] with { IsReadable = false }, table.Columns[2] with { MaskedBy = "identity" }] };
        var sampler = new FakeSampler([table, Table("secret") with { Columns = [table.Columns[1]] }]);
        var failures = new List<ScanFailure>();
        var scan = Scan(sampler, failures: failures);
        await scan.RunAsync(CancellationToken.None);
        Assert.That(sampler.Columns, Is.EqualTo((string[])["people.email"]));
        Assert.That(failures.Select(failure => $"{failure.Table} {failure.Reason} {failure.IsRefusal}"), Is.EqualTo((string[])
        [
            "public.people the catalog login may not read 1 of 2 columns True", "public.secret the catalog login may not read it True",
        ]));
        Assert.That(scan.Report.Masked.Single().Column.Name, Is.EqualTo("masked"));
    }

    [Test]
    public void What_was_found_before_an_end_stays()
    {
        using var stopping = new CancellationTokenSource();
        var sampler = new FakeSampler([Table("people", "email"), Table("other", "email")])
        {
            Read = table =>
            {
                if (table.Name == "other")
                    stopping.Cancel();
                stopping.Token.ThrowIfCancellationRequested();
                return "ada@example.com";
            },
        };
        var scan = Scan(sampler);
        Assert.ThrowsAsync<OperationCanceledException>(() => scan.RunAsync(stopping.Token));
        Assert.That(scan.Report is { IsComplete: false, TablesRead: 1, Columns.Count: 1 });
        Assert.That(ScanYaml.Write(scan.Report, Proposal.Make(scan.Report, new Policy(), 1), new Policy()), Does.Contain("before it had seen every table"));
    }

    [TestCase(false, new[] { "people.email" })]
    [TestCase(true, new[] { "people.email", "PEOPLE.Email" })]
    public async Task Globs_say_which_tables_and_columns(bool ignoresCase, string[] expected)
    {
        var sampler = new FakeSampler([Table("people", "email", "excluded"), Table("PEOPLE", "Email"), Table("orders", "email")]);
        await Scan(sampler, new TableFilter(["pub*"], ["peop*", "none"], [new("*", "*", "excl*")], ignoresCase)).RunAsync(CancellationToken.None);
        Assert.That(sampler.Columns, Is.EqualTo(expected));
    }

    [Test]
    public void Progress_is_for_terminals()
    {
        var (quiet, terminal) = (new StringWriter(), new StringWriter());
        var (none, shown) = (new ScanProgress(quiet, isTerminal: false), new ScanProgress(terminal, isTerminal: true));
        foreach (var progress in new[] { none, shown })
        {
            progress.Show(3, 41, "public.people");
            progress.Clear();
            progress.Clear();
        }
        Assert.That((quiet.ToString(), terminal.ToString()), Is.EqualTo(("", "\r\x1b[K3/41 public.people\r\x1b[K")));
    }

    private static TableScan Scan(FakeSampler sampler, TableFilter? filter = null, List<ScanFailure>? failures = null) => new(
        sampler, filter ?? new TableFilter([], [], [], ignoresCase: false),
        new ScanReport { Listener = "app", Protocol = "postgres", RowsPerTable = 10, MinimumScore = 50 },
        new ScanProgress(TextWriter.Null, isTerminal: false), failure => failures?.Add(failure));

    private static SampledTable Table(string name, params string[] columns) =>
        new("", "public", name, TableKind.Table, [.. columns.Select(column => new SampledColumn(column, "text", TextStructure.Plain))]);

    private sealed class FakeSampler(IReadOnlyList<SampledTable> tables) : ITableSampler
    {
        public Func<SampledTable, string> Read { get; init; } = _ => "nothing";

        public List<string> Columns { get; } = [];

        public Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([""]);

        public Task<IReadOnlyList<SampledTable>> TablesAsync(string database, CancellationToken cancellationToken) => Task.FromResult(tables);

        public Task SampleAsync(SampledTable table, IReadOnlyList<SampledColumn> columns, ISampleSink sink, CancellationToken cancellationToken)
        {
            Columns.AddRange(columns.Select(column => $"{table.Name}.{column.Name}"));
            sink.AddRow();
            sink.AddValue(0, Encoding.UTF8.GetBytes(Read(table)));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
