namespace WireGuardian.Postgres.Relay;

/// <summary>Up to when a plan is known to hold: what was so before the picture was looked at that it was made by.</summary>
/// <param name="Labels">The version of the labels that the picture knew.</param>
/// <param name="Work">How often meanings had changed (<see cref="Catalog.ConcurrentWork.Version"/>).</param>
public readonly record struct PlanStamp(long Labels, long Work);
