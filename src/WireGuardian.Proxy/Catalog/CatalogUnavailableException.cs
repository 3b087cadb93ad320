namespace WireGuardian.Proxy.Catalog;

/// <summary>The catalog login cannot answer: not reachable, refused, or too slow.</summary>
public sealed class CatalogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
