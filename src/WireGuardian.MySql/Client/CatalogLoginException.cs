namespace WireGuardian.MySql.Client;

/// <summary>The catalog login has no connection, and why.</summary>
public sealed class CatalogLoginException(string message, Exception inner) : Exception(message, inner);
