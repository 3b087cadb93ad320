namespace WireGuardian.Cli.Login;

/// <summary>The provider did not answer; it may answer later.</summary>
internal sealed class ProviderUnreachableException(string message, Exception inner) : Exception(message, inner);
