namespace WireGuardian.Postgres.Startup;

/// <summary>One name and value of a StartupMessage, decoded as UTF-8.</summary>
public readonly record struct StartupParameter(string Name, string Value);
