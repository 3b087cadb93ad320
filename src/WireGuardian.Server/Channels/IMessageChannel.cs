namespace WireGuardian.Server.Channels;

/// <summary>One way to tell people or programs of held statements.</summary>
internal interface IMessageChannel
{
    /// <summary>Makes one attempt. What goes wrong is in the result; only a cancellation is thrown.</summary>
    Task<Delivery> DeliverAsync(ChannelEvent change, CancellationToken cancellationToken);
}

/// <summary>What came of one attempt.</summary>
/// <param name="Result">Whether it arrived, and if not, whether to try again.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone; null where it did not.</param>
/// <param name="Problem">What went wrong, for the log: a status or a word, nothing of the content.</param>
internal readonly record struct Delivery(DeliveryResult Result, TimeSpan? RetryAfter = null, string Problem = "")
{
    public static Delivery Done => new(DeliveryResult.Delivered);
}

internal enum DeliveryResult
{
    Delivered,
    TryAgain,

    /// <summary>Refused: the same again would be refused again.</summary>
    Failed,
}
