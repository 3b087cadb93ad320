using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>A catalog with one table <c>shop.people</c> (id, ssn) whose second column is masked, and nothing else.</summary>
internal sealed class FakeCatalog(MaskKind mask) : IServerCatalog, ICatalogSnapshot, ICatalogView
{
    public MaskingRule Rule { get; } = new()
    {
        Name = "identity",
        Mask = mask,
        Columns = [ColumnPattern.TryParse("shop.people.ssn", out var pattern) ? pattern! : throw new FormatException()],
    };

    public ICatalogSnapshot? Current => this;

    public bool IsFresh { get; set; } = true;

    public bool MasksNothing => !Masks;

    /// <summary>False where there is no masking rule.</summary>
    public bool Masks { get; init; } = true;

    /// <summary>Changes under way.</summary>
    public int Changes { get; private set; }

    public ICatalogView ViewFor(Principal principal) => this;

    public bool Involves(MySqlStatement statement) => Masks && (statement.Facts.IsOpaque || statement.Facts.Identifiers.Any(identifier => identifier.Name == "people"));

    public bool Copies(MySqlStatement statement) => false;

    public StatementKinds KindsOfRoutines(MySqlStatement statement) => StatementKinds.None;

    /// <summary>Knows plain columns of one block, and nothing of queries inside.</summary>
    public IReadOnlyList<ColumnSource>? Resolve(ResultShape shape, string? database, int columns) =>
        shape.Blocks is [var block] && block.Items.Count == columns && block.Items.All(item => item.Kind == ResultItemKind.Column) && block.Relations.All(relation => relation.Query is null)
            ? [.. block.Items.Select(item => new ColumnSource(IsPlain: true, item.Column == "ssn" && Masks ? Rule : null, null) { Name = item.Name, Origin = (database ?? "", block.Relations[0].Relation.Name, item.Column!) })]
            : null;

    public MaskingRule? RuleOf(string database, string table, string column) => Masks && (table, column) == ("people", "ssn") ? Rule : null;

    public DeclaredType? TypeOf(string database, string table, string column) => null;

    public ValueTask<ICatalogSnapshot> GetFreshAsync(CancellationToken cancellationToken) => new(this);

    public ValueTask<bool> IsSyntaxErrorAsync(ReadOnlyMemory<byte> sql, MySqlSqlSettings settings, CancellationToken cancellationToken) => new(false);

    public void BeginChange() => Changes++;

    public void MayHaveSwapped(IReadOnlyCollection<Identifier> names)
    {
    }

    public void EndChange() => Changes--;
}
