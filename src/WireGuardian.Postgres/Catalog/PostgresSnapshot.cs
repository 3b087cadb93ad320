using System.Collections.Concurrent;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>An immutable picture of one database, with a view for every set of rules that some principal is subject to.</summary>
internal sealed class PostgresSnapshot : ICatalogSnapshot
{
    private readonly CatalogPicture _picture;
    private readonly RoutineKinds _routineKinds;
    private readonly UsersCode _code;
    private readonly MaskingRule[] _rules;

    /// <summary>Partitions and tables that inherit.</summary>
    private readonly HashSet<uint> _heirs;
    private readonly ConcurrentDictionary<string, ICatalogView> _byRules = new(StringComparer.Ordinal);

    public PostgresSnapshot(CatalogPicture picture)
    {
        _picture = picture;
        _heirs = [.. picture.Inheritance.Select(edge => edge.Child)];
        _routineKinds = new RoutineKinds(picture);
        _code = new UsersCode(picture);

        // Lineage is shared by principals for whom different rules count: what reads a column that is masked for anybody is not seen through.
        var taint = Taint.Compute(picture, picture.MaskedRelations());
        Functions = new LineageFunctions(picture, taint);
        Names = new NamePlaces(
            picture.NamePlaces, picture.OperatorPlaces, picture.Schemas,
            picture.Routines.Where(routine => taint.Routines.Contains(routine.Oid)).Select(routine => routine.Name).Concat(taint.Symbols).ToHashSet(StringComparer.Ordinal),
            picture.HiddenSchemas);

        // Rules that are bound to no column of this database mask nothing here, whoever is exempt from them.
        var bound = picture.Bound.SelectMany(column => ColumnRules.Behind(column.Rule)).ToHashSet<MaskingRule>(ReferenceEqualityComparer.Instance);
        _rules = picture.Rules.Where(bound.Contains).ToArray();
    }

    public CatalogPicture Picture => _picture;

    /// <inheritdoc/>
    public bool RunsCode(StatementFacts facts) => _code.IsRunBy(facts);

    /// <inheritdoc/>
    public bool IsNamedInCode(string name) => _code.Names(name);

    /// <inheritdoc/>
    public (string Schema, string Table, string Column)? NameOf(uint relation, short attribute) =>
        _picture.Relations.TryGetValue(relation, out var known) && !known.IsView && !_heirs.Contains(relation)
            && _picture.ColumnNames.TryGetValue(new ColumnKey(relation, attribute), out var column)
            ? (known.Schema, known.Name, column)
            : null;

    /// <inheritdoc/>
    public long LabelVersion => _picture.Labels.Version;

    /// <inheritdoc/>
    public ICatalogView Unexempted => _byRules.GetOrAdd(new string('+', _rules.Length), static (key, snapshot) => snapshot.CreateView(key), this);

    /// <summary>The picture as one rule alone would have it.</summary>
    public ICatalogView ViewUnder(MaskingRule rule) => _byRules.GetOrAdd(
        string.Concat(_rules.Select(one => ReferenceEquals(one, rule) ? '+' : '-')), static (key, snapshot) => snapshot.CreateView(key), this);

    /// <summary>The rules that mask something here, those that stand for labels included.</summary>
    public IReadOnlyList<MaskingRule> Rules => _rules;

    /// <inheritdoc/>
    public IReadOnlyList<LabelledColumn>? CopiesOf(StatementFacts facts, LineageAnswer answer) => new CopyTargets(this).Of(facts, answer);

    /// <inheritdoc/>
    public IReadOnlyList<uint> Namesakes(string name) => [.. _picture.Relations.Values.Where(relation => relation.Name == name).Select(relation => relation.Oid)];

    /// <summary>What the results of functions are made of, by OID.</summary>
    public LineageFunctions Functions { get; }

    /// <summary>Where names mean what.</summary>
    public NamePlaces Names { get; }

    public ICatalogView ViewFor(Principal principal)
    {
        // One character per rule: the key of the views that principals with the same exemptions share.
        var key = string.Create(_rules.Length, (Rules: _rules, Principal: principal), static (characters, state) =>
        {
            for (var index = 0; index < characters.Length; index++)
                characters[index] = IsExempt(state.Rules[index], state.Principal) ? '-' : '+';
        });
        return _byRules.GetOrAdd(key, static (key, snapshot) => snapshot.CreateView(key), this);
    }

    /// <summary>Makes the views that an earlier picture was asked for: sessions ask on threads that others wait for.</summary>
    public void MakeViewsOf(PostgresSnapshot earlier)
    {
        if (!_rules.SequenceEqual(earlier._rules))
            return;
        foreach (var key in earlier._byRules.Keys)
            _byRules.GetOrAdd(key, static (key, snapshot) => snapshot.CreateView(key), this);
    }

    public PostgresType TypeOf(uint oid) => _picture.Types.TryGetValue(oid, out var type) ? type : PostgresBuiltInTypes.Find(oid) ?? PostgresType.Unknown(oid);

    public bool IsGenerated(uint relation, short attribute) => _picture.GeneratedColumns.ContainsKey(new ColumnKey(relation, attribute));

    private ICatalogView CreateView(string key)
    {
        var effective = _rules.Where((_, index) => key[index] == '+').ToArray();
        return effective.Length == 0 ? new UnmaskedView(_picture, _routineKinds) : PostgresView.Create(_picture, _routineKinds, effective);
    }

    private static bool IsExempt(MaskingRule rule, Principal principal)
    {
        foreach (var name in rule.Exempt)
        {
            if (principal.Is(name))
                return true;
        }
        return false;
    }
}
