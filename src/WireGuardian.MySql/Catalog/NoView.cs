using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>What is known where the catalog could not be asked: nothing, so anything may be masked.</summary>
internal sealed class NoView : ICatalogView
{
    public static readonly NoView Instance = new();

    public bool MasksNothing => false;

    public bool Involves(MySqlStatement statement) => true;

    public bool Copies(MySqlStatement statement) => true;

    public StatementKinds KindsOfRoutines(MySqlStatement statement) => StatementKinds.None;

    public IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns) => null;

    public MaskingRule? RuleOf(string database, string table, string column) => null;

    public DeclaredType? TypeOf(string database, string table, string column) => null;
}
