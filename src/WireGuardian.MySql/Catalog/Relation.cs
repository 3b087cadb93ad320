using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>A table or view; names are folded.</summary>
/// <param name="Schema">The database.</param>
/// <param name="Name">The name.</param>
/// <param name="Columns">In order.</param>
internal sealed record Relation(string Schema, string Name, IReadOnlyList<RelationColumn> Columns)
{
    /// <summary>The statement behind a view; null for a table.</summary>
    public MySqlStatement? View { get; init; }

    /// <summary>What stays the same when it is given another name; null where that cannot be seen.</summary>
    public string? Identity { get; init; }
}

/// <summary>A column.</summary>
/// <param name="Name">Folded.</param>
/// <param name="OriginalName">As the server has it, for rules.</param>
/// <param name="FullType">As the server shows it.</param>
/// <param name="Type">What masks want to know of its type; null where a column definition says it all.</param>
/// <param name="IsInvisible">A star leaves it out.</param>
/// <param name="Expression">What it is computed from, or its default; empty where there is none.</param>
internal sealed record RelationColumn(string Name, string OriginalName, string FullType, DeclaredType? Type, bool IsInvisible, string Expression);

/// <summary>Code that is stored: a routine, or a trigger under its table's name.</summary>
/// <param name="Schema">The database, folded.</param>
/// <param name="Name">The name by which statements reach it, folded.</param>
/// <param name="Facts">What it may do.</param>
internal sealed record StoredCode(string Schema, string Name, RoutineFacts Facts);
