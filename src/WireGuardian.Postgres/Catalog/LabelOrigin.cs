namespace WireGuardian.Postgres.Catalog;

/// <summary>The statement for which columns are labelled.</summary>
/// <param name="Principal">The login whose statement it is.</param>
/// <param name="Digest">SHA-256 (hex) of its bytes.</param>
/// <param name="RequestId">The approval request; empty where nobody was asked.</param>
public sealed record LabelOrigin(string Principal, string Digest, string RequestId);
