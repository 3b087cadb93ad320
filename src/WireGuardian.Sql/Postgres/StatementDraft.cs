using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Postgres;

/// <summary>The facts of a statement while they are being gathered. Sets exist only once there is something in them.</summary>
internal sealed class StatementDraft(PostgresSqlSettings settings, int depth)
{
    /// <summary>Relations are for people to read; nobody reads more than this many.</summary>
    private const int MostRelations = 128;

    private HashSet<Identifier>? _identifiers;
    private HashSet<string>? _operators;
    private HashSet<string>? _commonTableExpressions;
    private List<Identifier>? _relations;
    private List<Identifier>? _reads;
    private List<Identifier>? _writes;
    private List<WriteSource>? _writeSources;

    public PostgresSqlSettings Settings { get; } = settings;

    /// <summary>How many literals of SQL text this text stands in.</summary>
    public int Depth { get; } = depth;

    public StatementKinds Kinds { get; set; }

    /// <summary>Kinds that functions called in the statement bring along, if the statement runs.</summary>
    public StatementKinds Effects { get; set; }

    public bool MayChangeSettings { get; set; }

    public bool IsOpaque { get; set; }

    /// <summary>True where a function is called that stores or sends what it is given.</summary>
    public bool HandsOut { get; set; }

    /// <summary>How far FROM clauses and lists of relations were walked.</summary>
    public int RelationSteps { get; set; }

    /// <summary>How many nested statements that write were looked into one by one.</summary>
    public int NestedWrites { get; set; }

    /// <summary>Made when the first write asks for it.</summary>
    public WholeRow? Rows { get; set; }

    public string? DefinesRoutine { get; set; }

    public bool RoutineIsUnseen { get; set; }

    public StatementKinds RoutineKinds { get; set; }

    public IReadOnlyList<string> RoutineNames { get; set; } = [];

    public bool TakesAllRows { get; set; }

    public IReadOnlySet<Identifier> Conditions { get; set; } = FrozenSet<Identifier>.Empty;

    public string? ExecutesPrepared { get; set; }

    public string? Deallocates { get; set; }

    public string? FetchesCursor { get; set; }

    public NamedStatement? Defines { get; set; }

    public Range? Explains { get; set; }

    public CopyOut? CopyOut { get; set; }

    public CreatedRelation? Creates { get; set; }

    public RewrittenColumns? Rewrites { get; set; }

    public RenamedRelation? Renames { get; set; }

    public bool Detaches { get; set; }

    public bool PreparesTransaction { get; set; }

    public bool AltersSchema { get; set; }

    public bool KeepsMeanings { get; set; }

    public bool DropsTables { get; set; }

    public IReadOnlySet<Identifier> Identifiers => _identifiers ?? (IReadOnlySet<Identifier>)FrozenSet<Identifier>.Empty;

    public IReadOnlySet<string> Operators => _operators ?? (IReadOnlySet<string>)FrozenSet<string>.Empty;

    public IReadOnlyList<Identifier> Relations => _relations ?? (IReadOnlyList<Identifier>)[];

    public IReadOnlyList<WriteSource> WriteSources => _writeSources ?? (IReadOnlyList<WriteSource>)[];

    public void Add(Identifier identifier) => (_identifiers ??= new HashSet<Identifier>(16)).Add(identifier);

    public void AddOperator(string symbol) => (_operators ??= new HashSet<string>(StringComparer.Ordinal)).Add(symbol);

    /// <param name="relation">Its name.</param>
    /// <param name="isWritten">It stands where it is written, made, changed or dropped.</param>
    public void AddRelation(Identifier relation, bool isWritten)
    {
        Add(_relations ??= [], relation);
        Add(isWritten ? _writes ??= [] : _reads ??= [], relation);
    }

    public void AddCommonTableExpression(string name) => (_commonTableExpressions ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public void Add(WriteSource source) => (_writeSources ??= []).Add(source);

    public void Add(RoutineFacts routine)
    {
        foreach (var identifier in routine.Identifiers)
            Add(identifier);
        foreach (var symbol in routine.Operators)
            AddOperator(symbol);
    }

    /// <summary>What is known of a statement inside a literal is known of this one too.</summary>
    public void Add(StatementFacts inner)
    {
        Effects |= inner.Kinds;
        IsOpaque |= inner.IsOpaque;
        MayChangeSettings |= inner.MayChangeSettings;
        foreach (var identifier in inner.Identifiers)
            Add(identifier);
        foreach (var symbol in inner.Operators)
            AddOperator(symbol);
        foreach (var relation in inner.Reads)
            AddRelation(relation, isWritten: false);
        foreach (var relation in inner.Writes)
            AddRelation(relation, isWritten: true);
        foreach (var source in inner.WriteSources)
            Add(source);
    }

    public StatementFacts ToFacts(Range text)
    {
        if (_commonTableExpressions is { } names)
        {
            _relations?.RemoveAll(relation => relation.Qualifier is null && names.Contains(relation.Name));
            _reads?.RemoveAll(relation => relation.Qualifier is null && names.Contains(relation.Name));
        }
        return new StatementFacts
        {
            Kinds = Kinds,
            Text = text,
            Relations = Relations,
            Reads = _reads ?? (IReadOnlyList<Identifier>)[],
            Writes = _writes ?? (IReadOnlyList<Identifier>)[],
            Identifiers = Identifiers,
            Operators = Operators,
            WriteSources = WriteSources,
            Creates = Creates,
            Rewrites = Rewrites,
            Renames = Renames,
            Detaches = Detaches,
            PreparesTransaction = PreparesTransaction,
            AltersSchema = AltersSchema,
            KeepsMeanings = KeepsMeanings,
            DropsTables = DropsTables,
            MayChangeSettings = MayChangeSettings,
            Defines = Defines,
            DefinesRoutine = DefinesRoutine,
            RoutineIsUnseen = RoutineIsUnseen,
            RoutineKinds = RoutineKinds,
            RoutineNames = RoutineNames,
            TakesAllRows = TakesAllRows,
            Conditions = Conditions,
            ExecutesPrepared = ExecutesPrepared,
            Deallocates = Deallocates,
            FetchesCursor = FetchesCursor,
            Explains = Explains,
            CopyOut = CopyOut,
            IsOpaque = IsOpaque,
        };
    }

    private static void Add(List<Identifier> relations, Identifier relation)
    {
        if (relations.Count < MostRelations && !relations.Contains(relation))
            relations.Add(relation);
    }
}
