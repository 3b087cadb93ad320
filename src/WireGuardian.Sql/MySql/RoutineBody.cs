using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Looks through the body of a stored program: not what it means, but what it can do at most. Every key word that can start a
/// statement counts wherever it stands.
/// </summary>
public static class RoutineBody
{
    /// <summary>Scans a body from the catalog, under the sql_mode that the catalog keeps with it.</summary>
    public static RoutineFacts Scan(ReadOnlySpan<byte> body, MySqlSqlSettings settings) =>
        new(StatementKinds.Unclassified, FrozenSet<Identifier>.Empty, FrozenSet<string>.Empty, true, true);
}
