using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>The facts of a statement while they are being gathered. Sets exist only once there is something in them.</summary>
internal sealed class StatementDraft(MySqlSqlSettings settings, int depth)
{
    /// <summary>Relations are for people to read; nobody reads more than this many.</summary>
    private const int MostRelations = 128;

    private HashSet<Identifier>? _identifiers;
    private HashSet<Identifier>? _calls;
    private HashSet<string>? _commonTableExpressions;
    private HashSet<string>? _userVariables;
    private HashSet<string>? _userVariablesWritten;
    private List<Identifier>? _relations;
    private List<Identifier>? _reads;
    private List<Identifier>? _writes;
    private List<WriteSource>? _writeSources;
    private List<SettingChange>? _settingChanges;

    public MySqlSqlSettings Settings { get; } = settings;

    /// <summary>How many literals of SQL text this text stands in.</summary>
    public int Depth { get; } = depth;

    public bool MayChangeSettings { get; set; }

    /// <summary>True where a setting is set that changes how text reads.</summary>
    public bool MayChangeReading { get; set; }

    public bool IsOpaque { get; set; }

    public bool IsPlainRead { get; set; }

    public bool AsksForLocalFile { get; set; }

    public bool CreatesTemporaryTable { get; set; }

    public bool Renames { get; set; }

    public TransactionEffect Transaction { get; set; }

    public ResultSets Results { get; set; }

    public SideOutputs SideOutputs { get; set; }

    public ResultShape? Shape { get; set; }

    public string? UsesDatabase { get; set; }

    public string? DefinesRoutine { get; set; }

    public string? ExecutesPrepared { get; set; }

    public string? Deallocates { get; set; }

    public NamedStatement? Defines { get; set; }

    public MySqlStatement? Prepares { get; set; }

    /// <summary>How far lists of relations were walked.</summary>
    public int RelationSteps { get; set; }

    /// <summary>Where the assignments of an UPDATE begin.</summary>
    public int AssignsFrom { get; set; } = int.MaxValue;

    /// <summary>How many assignments got a source of their own.</summary>
    public int WriteSourceCount => _writeSources?.Count ?? 0;

    public IReadOnlySet<Identifier> Identifiers => _identifiers ?? (IReadOnlySet<Identifier>)FrozenSet<Identifier>.Empty;

    public IReadOnlySet<string> UserVariables => _userVariables ?? (IReadOnlySet<string>)FrozenSet<string>.Empty;

    public IReadOnlySet<string> UserVariablesWritten => _userVariablesWritten ?? (IReadOnlySet<string>)FrozenSet<string>.Empty;

    public void Add(Identifier identifier) => (_identifiers ??= new HashSet<Identifier>(16)).Add(identifier);

    public void AddCall(Identifier routine) => (_calls ??= []).Add(routine);

    public void AddUserVariable(string name) => (_userVariables ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public void AddUserVariableWritten(string name)
    {
        AddUserVariable(name);
        (_userVariablesWritten ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
    }

    /// <param name="relation">Its name.</param>
    /// <param name="isWritten">It stands where it is written, made, changed or dropped.</param>
    public void AddRelation(Identifier relation, bool isWritten)
    {
        Add(_relations ??= [], relation);
        Add(isWritten ? _writes ??= [] : _reads ??= [], relation);
    }

    public void AddCommonTableExpression(string name) => (_commonTableExpressions ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public void Add(WriteSource source) => (_writeSources ??= []).Add(source);

    public void Add(SettingChange change) => (_settingChanges ??= []).Add(change);

    /// <summary>What is known of a statement inside a literal is known of this one too.</summary>
    public void Add(MySqlStatement inner)
    {
        IsOpaque |= inner.Facts.IsOpaque;
        MayChangeSettings |= inner.Facts.MayChangeSettings;
        SideOutputs |= inner.SideOutputs;
        foreach (var identifier in inner.Facts.Identifiers)
            Add(identifier);
        foreach (var relation in inner.Facts.Reads)
            AddRelation(relation, isWritten: false);
        foreach (var relation in inner.Facts.Writes)
            AddRelation(relation, isWritten: true);
        foreach (var source in inner.Facts.WriteSources)
            Add(source);
        foreach (var routine in inner.Calls)
            AddCall(routine);
        foreach (var variable in inner.UserVariables)
            AddUserVariable(variable);
        foreach (var variable in inner.UserVariablesWritten)
            AddUserVariableWritten(variable);
        foreach (var change in inner.SettingChanges)
            Add(change);
    }

    public MySqlStatement ToStatement(StatementKinds kinds, Range text)
    {
        if (_commonTableExpressions is { } names)
        {
            _relations?.RemoveAll(relation => relation.Qualifier is null && names.Contains(relation.Name));
            _reads?.RemoveAll(relation => relation.Qualifier is null && names.Contains(relation.Name));
        }
        return new MySqlStatement
        {
            Facts = new StatementFacts
            {
                Kinds = kinds,
                Text = text,
                Relations = _relations ?? (IReadOnlyList<Identifier>)[],
                Reads = _reads ?? (IReadOnlyList<Identifier>)[],
                Writes = _writes ?? (IReadOnlyList<Identifier>)[],
                Identifiers = Identifiers,
                WriteSources = _writeSources ?? (IReadOnlyList<WriteSource>)[],
                MayChangeSettings = MayChangeSettings,
                Defines = Defines,
                DefinesRoutine = DefinesRoutine,
                ExecutesPrepared = ExecutesPrepared,
                IsOpaque = IsOpaque,
            },
            Calls = _calls ?? (IReadOnlySet<Identifier>)FrozenSet<Identifier>.Empty,
            UserVariables = UserVariables,
            UserVariablesWritten = UserVariablesWritten,
            SettingChanges = _settingChanges ?? (IReadOnlyList<SettingChange>)[],
            UsesDatabase = UsesDatabase,
            Transaction = Transaction,
            Results = Results,
            Shape = Shape,
            SideOutputs = SideOutputs,
            IsPlainRead = IsPlainRead && !IsOpaque && kinds == StatementKinds.Select && UserVariablesWritten.Count == 0,
            Prepares = Prepares,
            Deallocates = Deallocates,
            AsksForLocalFile = AsksForLocalFile,
            CreatesTemporaryTable = CreatesTemporaryTable,
            Renames = Renames,
        };
    }

    private static void Add(List<Identifier> relations, Identifier relation)
    {
        if (relations.Count < MostRelations && !relations.Contains(relation))
            relations.Add(relation);
    }
}
