using System.CommandLine;
using System.CommandLine.Invocation;
using WireGuardian.Server.Composition;

namespace WireGuardian.Server.Commands;

/// <summary>The program's command line: what there is, and what wrong usage comes to.</summary>
public static class CommandLine
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="output">Takes results.</param>
    /// <param name="error">Takes diagnostics and the log.</param>
    /// <param name="compose">Makes the parts that <c>serve</c> runs.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, Func<ServerContext, ServerParts> compose)
    {
        var parsed = Root(compose).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync(problem.Message);
            await error.WriteLineAsync("See wireguardian --help.");
            return ExitCodes.Wrong;
        }
        // Signals are the lifecycle's: the library would otherwise end the process two seconds after SIGTERM.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Root(Func<ServerContext, ServerParts> compose)
    {
        var root = new RootCommand("A proxy in front of a database that masks columns, holds dangerous statements for approval, and keeps a record.")
        {
            ServeCommand.Create(compose),
            CheckCommand.Create(),
            ExplainCommand.Create(),
            ScanCommand.Create(),
        };
        foreach (var version in root.Options.OfType<VersionOption>())
            version.Action = new PrintVersion();
        return root;
    }

    /// <summary>Prints this assembly's version; the library prints that of whatever program it runs in.</summary>
    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(ProductVersion.Text);
            return ExitCodes.Done;
        }
    }
}
