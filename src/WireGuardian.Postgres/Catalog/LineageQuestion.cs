using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A statement whose result columns are asked for.</summary>
/// <param name="Sql">Its own bytes, in UTF-8, without what stands before and behind it in its message.</param>
/// <param name="Facts">What the analyzer found in it.</param>
/// <param name="StandardConformingStrings">How the session's server reads its literals.</param>
/// <param name="ParameterTypes">OIDs of the parameter types that the client gave; 0 where it left one to the server.</param>
public readonly record struct LineageQuestion(
    ReadOnlyMemory<byte> Sql, StatementFacts Facts, bool StandardConformingStrings, ReadOnlyMemory<uint> ParameterTypes);
