namespace WireGuardian.Storage;

/// <summary>The data directory or a store in it cannot be used; the message says which, and what to do.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
