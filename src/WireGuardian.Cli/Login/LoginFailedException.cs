namespace WireGuardian.Cli.Login;

/// <summary>Signing in did not succeed; the message says why and what to do.</summary>
internal sealed class LoginFailedException(string message) : Exception(message);
