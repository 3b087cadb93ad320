using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A statement whose result columns are asked for.</summary>
/// <param name="Sql">Its own bytes, in UTF-8, without what stands before and behind it in its message.</param>
/// <param name="Facts">What the analyzer found in it.</param>
/// <param name="StandardConformingStrings">How the session's server reads its literals.</param>
/// <param name="ParameterTypes">OIDs of the parameter types that the client gave; 0 where it left one to the server.</param>
public readonly record struct LineageQuestion(
    ReadOnlyMemory<byte> Sql, StatementFacts Facts, bool StandardConformingStrings, ReadOnlyMemory<uint> ParameterTypes)
{
    /// <summary>The parameter types as PREPARE names them, in parentheses; empty where there are none. Their names are among those of <see cref="Facts"/>.</summary>
    public ReadOnlyMemory<byte> DeclaredTypes { get; init; }
}
