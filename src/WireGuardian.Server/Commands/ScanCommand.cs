using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Scanning;
using WireGuardian.Storage.Labels;

namespace WireGuardian.Server.Commands;

/// <summary><c>scan</c>: samples tables over the catalog login and proposes rules for what looks sensitive in them, with counts and without values.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var options = new ScanOptions();
        var command = new Command(
            "scan",
            "Sample tables over the catalog login, which needs the right to read them, and propose masking and detection rules for what looks sensitive: "
            + "YAML with counts, never with values. Changes nothing. Exit code 0 also where some tables could not be read, which standard error names.");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => RunAsync(options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ScanOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (results, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (ConfigurationFile.Load(parsed.GetRequiredValue(options.Config), errors) is not { } configuration)
            return ExitCodes.Wrong;
        if (ListenerOf(options, parsed, configuration, errors) is not { } listener)
            return ExitCodes.Wrong;

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var progress = new ScanProgress(errors, ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected);
        var sample = new SampleOptions
        {
            Rows = parsed.GetValue(options.Rows),
            Timeout = options.TimeoutOf(parsed),
            Views = parsed.GetValue(options.Views),
            ForeignTables = parsed.GetValue(options.ForeignTables),
            Database = parsed.GetValue(options.Database),
        };
        var filter = new TableFilter(
            parsed.GetValue(options.Schema) ?? [], parsed.GetValue(options.Table) ?? [], parsed.GetValue(options.Exclude) ?? [], ignoresCase: listener.Protocol == "mysql");
        var empty = new ScanReport
        {
            Listener = listener.Name,
            Protocol = listener.Protocol,
            RowsPerTable = sample.Rows,
            MinimumScore = parsed.GetValue(options.MinimumScore),
        };
        var (scan, problem) = await ScanAsync(configuration, listener, sample, filter, empty, progress, errors, stopping.Token);
        progress.Clear();
        if (problem is not null)
            await errors.WriteLineAsync(problem);
        if (scan is null)
            return ExitCodes.Failed;
        var report = scan.Report;
        if (problem is null || report.TablesRead > 0)
        {
            var proposal = Proposal.Make(report, configuration.Policy, parsed.GetValue(options.MinimumShare));
            await results.WriteAsync(parsed.GetValue(options.Output) == "json" ? ScanJson.Write(report, proposal) : ScanYaml.Write(report, proposal, configuration.Policy));
        }
        await SumUpAsync(report, listener, errors);
        return problem is not null || (report.TablesRead == 0 && report.Failures.Count > 0) ? ExitCodes.Failed : ExitCodes.Done;

        // The first signal ends the scan, and what was found until then is printed; the next one ends the program.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stopping.IsCancellationRequested;
            stopping.Cancel();
        }
    }

    /// <summary>Null, with the reason on the error stream, where the command line asks for what the configuration does not have.</summary>
    private static ListenerOptions? ListenerOf(ScanOptions options, ParseResult parsed, WireGuardianConfiguration configuration, TextWriter errors)
    {
        var name = parsed.GetRequiredValue(options.Listener);
        var listener = configuration.Listeners.FirstOrDefault(one => one.Name == name);
        if (listener is null)
            errors.WriteLine($"there is no listener \"{name}\"; the file has: {string.Join(", ", configuration.Listeners.Select(one => one.Name))}");
        else if (listener.Catalog is null)
            errors.WriteLine($"listener \"{name}\" has no catalog login; tables are sampled over it: catalog: {{ username: …, password: … }}");
        else if (listener.Protocol == "mysql" && parsed.GetValue(options.Database) is not null)
            errors.WriteLine("--database is for PostgreSQL; MySQL's databases are its schemas: --schema");
        else
            return listener;
        return null;
    }

    /// <summary>The scan as far as it came, null where it did not begin; and why it came no further.</summary>
    private static async Task<(TableScan? Scan, string? Problem)> ScanAsync(
        WireGuardianConfiguration configuration, ListenerOptions listener, SampleOptions sample, TableFilter filter, ScanReport empty, ScanProgress progress, TextWriter errors,
        CancellationToken cancellationToken)
    {
        TableScan? scan = null;
        try
        {
            await using var sampler = ServerComposition.MakeSampler(
                listener, new PolicySource(configuration.Policy), new LabelBook(new LabelReading(configuration.DataDirectory)), sample, TimeProvider.System);
            scan = new TableScan(sampler, filter, empty, progress, failure => errors.WriteLine($"not read: {failure.Table}: {failure.Reason}{(failure.Code.Length > 0 ? $" ({failure.Code})" : "")}"));
            await scan.RunAsync(cancellationToken);
            return (scan, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (scan, "interrupted: what follows is what was found until then");
        }
        catch (Exception exception) when (exception is SamplingException or CompositionException or LabelStoreException)
        {
            return (scan, YamlText.Visible(exception.Message));
        }
    }

    private static async Task SumUpAsync(ScanReport report, ListenerOptions listener, TextWriter errors)
    {
        if (report.Failures.Count == 0)
            return;
        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"tables read: {report.TablesRead}; not, or not all of them: {report.Failures.Count}"));
        if (!report.Failures.Any(failure => failure.IsRefusal))
            return;
        var login = YamlText.Visible(listener.Catalog!.Username);
        await errors.WriteLineAsync(listener.Protocol == "mysql"
            ? $"\"{login}\" needs the right SELECT on what is scanned; it can be revoked afterwards"
            : $"\"{login}\" needs the right to read what is scanned, such as GRANT pg_read_all_data TO \"{login}\"; it can be revoked afterwards");
    }
}
