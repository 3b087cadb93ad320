namespace WireGuardian.Proxy.Gating;

/// <summary>What a <see cref="StatementRecorder"/> keeps with a statement to know it again: the group of equal reads it was recorded in last, and that group's window.</summary>
/// <param name="Group">The group.</param>
/// <param name="Window">When its window began.</param>
public readonly record struct RecordMark(object? Group, long Window);
