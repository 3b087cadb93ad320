namespace WireGuardian.Postgres.Relay;

/// <summary>What a plan was made of, to make it anew when labels come while its rows do.</summary>
/// <param name="Shape">The body of the RowDescription.</param>
/// <param name="Under">What it was made under.</param>
/// <param name="IsOpen">True where a column goes out unmasked that is no table's: code computes it, or may.</param>
public sealed record PlanBasis(byte[] Shape, MaskPlanner.Circumstances Under, bool IsOpen);
