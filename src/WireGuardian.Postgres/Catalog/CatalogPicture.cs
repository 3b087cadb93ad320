using System.Collections.Frozen;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Catalog;

/// <summary>One column: pg_attribute's attrelid and attnum.</summary>
internal readonly record struct ColumnKey(uint Relation, short Attribute)
{
    /// <summary>In a lineage, the part of the column's documents that is meant; null for the column as a whole.</summary>
    public JsonPath? Path { get; init; }

    /// <summary>The column that this is a part of.</summary>
    public ColumnKey Whole => this with { Path = null };
}

/// <summary>A relation of a user's: table, view, materialised view, foreign table, sequence or composite type.</summary>
internal sealed record Relation(uint Oid, char Kind, string Schema, string Name)
{
    /// <summary>True for views and materialised views: their columns come from elsewhere.</summary>
    public bool IsView => Kind is 'v' or 'm';

    /// <summary>True for what holds data, or stands for what does.</summary>
    public bool CanHoldData => Kind is 'r' or 'p' or 'm' or 'f';

    /// <summary>The number of its last column. Later ones are not in the picture.</summary>
    public short Columns { get; init; } = short.MaxValue;
}

/// <summary>A column that a rule is bound to, under the name that it has now.</summary>
internal sealed record BoundColumn(ColumnKey Key, string Name, MaskingRule Rule)
{
    /// <summary>It is so by the names of rules; null for a label's alone.</summary>
    public ColumnBinding? Binding { get; init; }

    /// <summary>No rule names it: it has values of columns that rules name, or had when an earlier picture was made.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Rules name it for places in its documents alone: what else it has values of, or had, counts as well.</summary>
    public bool IsPartial { get; init; }
}

/// <summary>A column that patterns of rules name now.</summary>
/// <param name="Name">The column.</param>
/// <param name="Rule">What the rules come to on it.</param>
/// <param name="HasDocuments">It is named by its type too: by a pattern for all columns of documents.</param>
internal sealed record NamedColumn(string Name, MaskingRule Rule, bool HasDocuments);

/// <summary>A column that is computed from others of its row, and stored or not.</summary>
internal sealed record GeneratedColumn(ColumnKey Key, string Name, IReadOnlyList<short> Sources, bool IsStored = true);

/// <summary>One line of pg_inherits.</summary>
internal readonly record struct Inheritance(uint Child, uint Parent);

/// <summary>What an object's stored definition refers to.</summary>
internal enum DependencyKind
{
    Relation,
    Routine,
    Operator,
}

/// <summary>The definition of <paramref name="Dependent"/> refers to <paramref name="Target"/>, as pg_depend has it.</summary>
internal readonly record struct Dependency(uint Dependent, DependencyKind Kind, uint Target);

/// <summary>A routine of a user's and what can be known of its body.</summary>
internal sealed record Routine(uint Oid, string Schema, string Name)
{
    /// <summary>Names in the body; the qualifier is kept only where it can be nothing but a schema.</summary>
    public IReadOnlyList<Identifier> References { get; init; } = [];

    public IReadOnlySet<string> Operators { get; init; } = FrozenSet<string>.Empty;

    /// <summary>What the body does; reading alone is nothing.</summary>
    public StatementKinds Kinds { get; init; }

    /// <summary>True when the body cannot be seen through: another language, dynamic SQL, a cursor from outside, a built-in reader.</summary>
    public bool ReadsAnything { get; init; }

    /// <summary>True when the body calls a built-in that puts its argument where no rule masks it.</summary>
    public bool KeepsArguments { get; init; }

    /// <summary>True where the configuration says that it stores, sends and changes nothing, nor do the routines that it calls.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True for one in SQL.</summary>
    public bool IsSql { get; init; }

    /// <summary>True for one in C, of which nothing but its name is known.</summary>
    public bool IsCompiled { get; init; }

    /// <summary>The columns of a trigger's row (NEW, OLD) that the body names.</summary>
    public IReadOnlyCollection<string> RowColumns { get; init; } = [];

    /// <summary>True when the body does more with a trigger's whole row than to return or to compare it.</summary>
    public bool KeepsRow { get; init; }

    /// <summary>All that it sets in a trigger's row, where it plainly does nothing else with that; otherwise null.</summary>
    public IReadOnlyList<RowAssignment>? RowAssignments { get; init; }
}

/// <summary>A trigger of a user's.</summary>
/// <param name="Relation">The relation that it is on.</param>
/// <param name="Function">What it runs.</param>
/// <param name="FunctionName">Its name.</param>
/// <param name="SeesTables">True when it gets the changed rows as tables, under names of its own.</param>
internal readonly record struct RowTrigger(uint Relation, uint Function, string FunctionName, bool SeesTables);

/// <summary>A stored expression of a table that runs a routine: of a policy, of a default (or a generated column), or of something else whose result is not kept.</summary>
internal readonly record struct RowExpression(uint Relation, RowExpressionUse Use, uint Function);

/// <summary>When the server runs a stored expression of a table.</summary>
internal enum RowExpressionUse
{
    /// <summary>When rows are written, and when indexes and statistics are made anew, which the server also does unasked.</summary>
    Check,

    /// <summary>When rows are written; what it gives is stored.</summary>
    Default,

    /// <summary>When rows are read or written.</summary>
    Policy,
}

/// <summary>A user's operator and the function behind it.</summary>
internal sealed record Operator(uint Oid, string Symbol, uint Function, bool IsReader);

/// <summary>A cast by a user's function, with the names that its types go by.</summary>
internal sealed record Cast(uint Function, IReadOnlyList<string> TypeNames, uint Source, uint Target);

/// <summary>A type whose domain constraints or defaults use a user's function.</summary>
internal sealed record TypeUse(string TypeName, uint Function);

/// <summary>The origin of every column of a view, in order; a relation of 0 where it is computed. Null: the server would not say.</summary>
internal sealed record ViewOrigins(IReadOnlyList<ColumnKey> Columns);

/// <summary>One database as its catalogs have it, with the rules bound to columns; nothing concluded yet.</summary>
internal sealed record CatalogPicture
{
    /// <summary>OIDs below are the server's own and the same in every session.</summary>
    public const uint FirstUserOid = 16384;

    /// <summary>The rules that are for this listener, in order.</summary>
    public required IReadOnlyList<MaskingRule> Rules { get; init; }

    /// <summary>The server's number of the database.</summary>
    public required uint DatabaseNumber { get; init; }

    public required FrozenDictionary<uint, Relation> Relations { get; init; }

    /// <summary>The names of all columns, where detection rules ask for them.</summary>
    public IReadOnlyDictionary<ColumnKey, string> ColumnNames { get; init; } = new Dictionary<ColumnKey, string>();

    public required FrozenSet<string> Schemas { get; init; }

    /// <summary>Those of them that the catalog login may not look into.</summary>
    public FrozenSet<string> HiddenSchemas { get; init; } = FrozenSet<string>.Empty;

    public required IReadOnlyList<BoundColumn> Bound { get; init; }

    /// <summary>Columns of system relations that hold values.</summary>
    public required IReadOnlyList<ColumnKey> ValueColumns { get; init; }

    /// <summary>Columns that are computed from others of their row.</summary>
    public required IReadOnlyDictionary<ColumnKey, GeneratedColumn> GeneratedColumns { get; init; }

    public required IReadOnlyList<Inheritance> Inheritance { get; init; }

    /// <summary>Of relations that inherit or are inherited from: the columns that bear the name of a bound column.</summary>
    public required IReadOnlyDictionary<uint, Dictionary<string, short>> NamesakeColumns { get; init; }

    /// <summary>Relations (views by their query, tables by rules, defaults, policies, constraints) on what their definitions refer to.</summary>
    public required IReadOnlyList<Dependency> RelationDependencies { get; init; }

    /// <summary>Relations whose definition uses a built-in reader; pg_depend has no line for those.</summary>
    public required IReadOnlySet<uint> ReaderRelations { get; init; }

    public required IReadOnlyList<Routine> Routines { get; init; }

    /// <summary>What the configuration says of routines, by OID.</summary>
    public IReadOnlyDictionary<uint, BoundLabel> FunctionLabels { get; init; } = new Dictionary<uint, BoundLabel>();

    public required IReadOnlyList<Dependency> RoutineDependencies { get; init; }

    /// <summary>Relation (Dependent) to a function that one of its triggers uses.</summary>
    public required IReadOnlyList<Dependency> Triggers { get; init; }

    /// <summary>The triggers again, with what they run; built-in functions included.</summary>
    public required IReadOnlyList<RowTrigger> RowTriggers { get; init; }

    /// <summary>Routines that the server runs over the rows of tables by itself.</summary>
    public required IReadOnlyList<RowExpression> RowExpressions { get; init; }

    /// <summary>Relations on which a rule rewrites INSERT, UPDATE or DELETE.</summary>
    public required IReadOnlySet<uint> RuledRelations { get; init; }

    /// <summary>Writing the first may write the second, by a foreign key's action.</summary>
    public required IReadOnlyList<Inheritance> Cascades { get; init; }

    public required IReadOnlyList<Operator> Operators { get; init; }

    public required IReadOnlyList<Cast> Casts { get; init; }

    public required IReadOnlyList<TypeUse> TypeUses { get; init; }

    /// <summary>OIDs of what comes with the server and reads elsewhere than its arguments say.</summary>
    public required IReadOnlySet<uint> Readers { get; init; }

    /// <summary>The schemas that hold something of a name.</summary>
    public required IReadOnlyList<NamePlace> NamePlaces { get; init; }

    /// <inheritdoc cref="NamePlaces"/>
    public required IReadOnlyList<OperatorPlace> OperatorPlaces { get; init; }

    /// <summary>Origins of the columns of views over masked columns; views missing here are computed throughout.</summary>
    public IReadOnlyDictionary<uint, ViewOrigins> Views { get; init; } = new Dictionary<uint, ViewOrigins>();

    /// <summary>Those of the views missing there that the server will not describe, for want of a right, or was not asked to.</summary>
    public IReadOnlySet<uint> HiddenViews { get; init; } = FrozenSet<uint>.Empty;

    /// <summary>The names of the columns of those views and of the ones missing there.</summary>
    public IReadOnlyDictionary<ColumnKey, string> ViewColumnNames { get; init; } = new Dictionary<ColumnKey, string>();

    public required FrozenDictionary<uint, PostgresType> Types { get; init; }

    /// <summary>Which of the bound columns are so because masked values were copied to them.</summary>
    public PictureLabels Labels { get; init; } = PictureLabels.None;

    /// <summary>Relations with a column that is masked for somebody, and those of the server that hold values.</summary>
    public IEnumerable<uint> MaskedRelations() => MaskedColumns().Keys.Concat(ValueColumns).Concat(Filled.Select(column => column.Key)).Select(key => key.Relation);

    /// <summary>Columns of tables that are masked for somebody.</summary>
    public Dictionary<ColumnKey, MaskingRule> MaskedColumns() => InheritedMasks.Compute(this, Rules.ToHashSet<MaskingRule>(ReferenceEqualityComparer.Instance));

    /// <summary>Columns of materialized views that got masked values when they were filled, whatever their definition comes to now.</summary>
    public IEnumerable<BoundColumn> Filled => Bound.Where(column => column.IsHeld && Relations.TryGetValue(column.Key.Relation, out var relation) && relation.Kind == 'm');
}
