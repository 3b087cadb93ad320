namespace WireGuardian.Cli;

/// <summary>The command line or the environment is wrong; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
