namespace WireGuardian.Storage.Audit;

/// <summary>An accepted record on its way into the store.</summary>
/// <param name="Number">Its place in the order of acceptance; grows, with gaps where records were refused.</param>
/// <param name="Frame">The <see cref="SpoolFrame"/>.</param>
/// <param name="Durable">Who waits for its commit; null for a record that the spool keeps.</param>
internal sealed record QueuedRecord(long Number, byte[] Frame, TaskCompletionSource? Durable)
{
    /// <summary>The canonical bytes.</summary>
    public ReadOnlySpan<byte> Canonical => Frame.AsSpan(SpoolFrame.HeaderBytes);
}
