namespace WireGuardian.Testing.Processes;

/// <summary>What a finished program left: its exit code and both of its streams.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Error)
{
    /// <exception cref="InvalidOperationException">The program did not exit with 0; the message holds both streams.</exception>
    public ProcessResult EnsureSuccess() =>
        ExitCode == 0
            ? this
            : throw new InvalidOperationException($"{Command} exited with {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}");
}
