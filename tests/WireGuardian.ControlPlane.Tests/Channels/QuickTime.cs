using System.Collections.Concurrent;

namespace WireGuardian.ControlPlane.Tests.Channels;

/// <summary>A clock that stands still; pauses are noted and over at once.</summary>
internal sealed class QuickTime(DateTimeOffset now) : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            Pauses.Enqueue(dueTime);
        return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromTicks(1) : dueTime, period);
    }
}
