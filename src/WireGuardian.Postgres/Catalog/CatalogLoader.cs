using System.Collections.Frozen;
using Npgsql;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Makes pictures of one database, each from what one transaction sees, and none where nothing has changed. One load at a time.</summary>
internal sealed class CatalogLoader(
    string listener, ColumnBindings bindings, FunctionBindings functionBindings, DatabaseLabels? labels = null, Func<IReadOnlyList<DetectionRule>>? detection = null)
{
    /// <summary>A label that the picture asks for makes another picture, which may ask for another label: views on views.</summary>
    private const int MostRounds = 8;

    private readonly RoutineBodies _routines = new();
    private readonly StoredExpressions _expressions = new();
    private readonly ViewAnalysis _views = new();
    private IReadOnlyList<MaskingRule>? _policy;
    private IReadOnlyList<FunctionLabel>? _functions;
    private IReadOnlyList<FunctionLabel> _functionLabels = [];
    private string? _fingerprint;
    private PostgresSnapshot? _snapshot;

    /// <summary>The last picture of which what it masks is bound.</summary>
    private PostgresSnapshot? _held;

    /// <summary>The newest picture of <paramref name="policy"/>'s rules: the last one where catalogs, labels and rules are still the same.</summary>
    /// <param name="connection">The catalog login's.</param>
    /// <param name="policy">Masking rules of all listeners; a new list when the configuration was loaded again.</param>
    /// <param name="functions">Labels of functions, of all listeners; the same.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    /// <exception cref="LabelStoreException">A column needs a label, which cannot be kept.</exception>
    public async Task<PostgresSnapshot> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<MaskingRule> policy, IReadOnlyList<FunctionLabel> functions, CancellationToken cancellationToken)
    {
        var snapshot = await LoadOnceAsync(connection, policy, functions, cancellationToken);
        for (var round = 1; labels is { Follows: true } && StoredCopies.Label(snapshot, labels); round++)
        {
            if (round == MostRounds)
                throw new LabelStoreException("the labels of materialized views and generated columns do not come to an end");
            snapshot = await LoadOnceAsync(connection, policy, functions, cancellationToken);
        }
        if (!ReferenceEquals(snapshot, _held))
            bindings.Change([], HeldMasks.Find(_held = snapshot, bindings));
        bindings.Save();
        return snapshot;
    }

    private async Task<PostgresSnapshot> LoadOnceAsync(
        NpgsqlConnection connection, IReadOnlyList<MaskingRule> policy, IReadOnlyList<FunctionLabel> functions, CancellationToken cancellationToken)
    {
        var reader = new CatalogReader(connection);
        var settled = labels?.Settled();
        var known = bindings.Known;
        await reader.ExecuteAsync(CatalogQueries.Begin, cancellationToken);
        var fingerprint = (await reader.ReadAsync(CatalogQueries.Fingerprint, row => row.GetString(0), cancellationToken))[0];
        if (_snapshot is not null && fingerprint == _fingerprint && ReferenceEquals(policy, _policy) && ReferenceEquals(functions, _functions)
            && _snapshot.LabelVersion == (labels?.Version ?? 0) && labels?.AwaitsPicture(settled!) != true)
        {
            await reader.ExecuteAsync(CatalogQueries.Rollback, cancellationToken);
            return _snapshot;
        }

        _fingerprint = null;
        var rules = policy.Where(rule => rule.Listeners.Count == 0 || rule.Listeners.Contains(listener)).ToArray();
        if (!ReferenceEquals(functions, _functions))
            _functionLabels = functions.Where(label => label.AppliesTo(listener)).ToArray();
        var (picture, views, bound, binding) = await ReadAsync(reader, policy, rules, known, settled, cancellationToken);
        await reader.ExecuteAsync(CatalogQueries.Rollback, cancellationToken);

        // The rest takes locks on relations, for as long as it takes to describe them: outside the transaction, so that one of them cannot spoil the load.
        var complete = await ReadStandardBodiesAsync(reader, cancellationToken);
        picture = picture with { Routines = [.. _routines.ToRoutines(picture.Schemas).Select(routine => Labelled(routine, picture))] };
        if (picture.Bound.Count > 0)
            (picture, complete) = await AnalyseViewsAsync(connection, picture, views, complete, cancellationToken);

        var snapshot = new PostgresSnapshot(picture);
        if (_snapshot is not null)
            snapshot.MakeViewsOf(_snapshot);
        _snapshot = snapshot;
        _policy = policy;
        _functions = functions;
        _fingerprint = complete ? fingerprint : null;
        bindings.Change(bound.Gone, bound.Found);
        if (binding is not null)
            Keep(binding);
        return _snapshot;
    }

    /// <summary>What the picture shows of labels is kept for later ones. Where that is not possible, they find it out again.</summary>
    private void Keep(LabelBinding binding)
    {
        try
        {
            labels!.Change(binding.Gone, binding.Found);
            labels.Rename(binding.Renamed);
        }
        catch (LabelStoreException)
        {
            // The labels stay as they are, which masks the same columns.
        }
    }

    private async Task<(CatalogPicture Picture, IReadOnlyList<ViewRule> Views, RuleBinding Rules, LabelBinding? Labels)> ReadAsync(
        CatalogReader reader, IReadOnlyList<MaskingRule> policy, MaskingRule[] rules, IReadOnlyList<ColumnBinding> known, IReadOnlySet<string>? settled, CancellationToken cancellationToken)
    {
        var seen = await reader.ReadAsync(CatalogQueries.Schemas, row => (Name: row.GetString(0), IsOpen: row.GetBoolean(1)), cancellationToken);
        var schemas = seen.Select(schema => schema.Name).ToFrozenSet(StringComparer.Ordinal);
        var relations = await reader.ReadAsync(
            CatalogQueries.Relations,
            row => new Relation(row.GetFieldValue<uint>(0), row.GetString(1)[0], row.GetString(2), row.GetString(3)) { Columns = row.GetInt16(4) },
            cancellationToken);
        var databases = await reader.ReadAsync(CatalogQueries.Databases, row => (Number: row.GetFieldValue<uint>(0), IsThis: row.GetBoolean(1)), cancellationToken);
        var number = databases.Single(database => database.IsThis).Number;
        var made = new LabelRules(policy, rules);
        var labelling = labels is null ? null : new LabelBinding(labels, settled!, relations, number, made);
        var binding = new RuleBinding(
            bindings, known, relations, databases.Select(database => database.Number).ToHashSet(), number, new BindingRules(policy, rules, labelling?.All ?? [], made));
        var bound = await binding.BindAsync(reader, await NamedAsync(reader, rules, cancellationToken), cancellationToken);
        var picturesLabels = PictureLabels.None with { Rules = made.Made };
        if (labelling is not null)
            (bound, picturesLabels) = await labelling.BindAsync(reader, bound, cancellationToken);
        var readers = await ReadersAsync(reader, cancellationToken);
        var readerTree = $":(funcid|opfuncid|relid) ({string.Join('|', readers)})[ }}]";
        var (expressions, readerRelations) = await _expressions.ReadAsync(reader, readerTree, cancellationToken);
        await _routines.ReadAsync(reader, readerTree, cancellationToken);

        var picture = new CatalogPicture
        {
            Rules = [.. rules, .. made.Made.Keys],
            DatabaseNumber = number,
            Labels = picturesLabels,
            ColumnNames = detection?.Invoke().Any(rule => rule.AppliesTo(listener)) == true
                ? (await reader.ReadAsync(CatalogQueries.ColumnNames, row => KeyValuePair.Create(Key(row), row.GetString(2)), cancellationToken)).ToDictionary()
                : new Dictionary<ColumnKey, string>(),
            Relations = relations.ToFrozenDictionary(relation => relation.Oid),
            Schemas = schemas,
            HiddenSchemas = seen.Where(schema => !schema.IsOpen).Select(schema => schema.Name).ToFrozenSet(StringComparer.Ordinal),
            Bound = bound,
            ValueColumns = await ValueColumnsAsync(reader, cancellationToken),
            GeneratedColumns = (await reader.ReadAsync(
                CatalogQueries.GeneratedColumns, row => new GeneratedColumn(Key(row), row.GetString(2), row.GetFieldValue<short[]>(3), row.GetBoolean(4)), cancellationToken))
                .ToDictionary(column => column.Key),
            Inheritance = await EdgesAsync(reader, CatalogQueries.Inheritance, cancellationToken),
            NamesakeColumns = await NamesakeColumnsAsync(reader, bound, cancellationToken),
            RelationDependencies = await DependenciesAsync(reader, CatalogQueries.RelationDependencies, cancellationToken),
            ReaderRelations = readerRelations,
            Routines = [],
            FunctionLabels = functionBindings.Bind(_functionLabels, _routines.Versions, await LabelledColumnsAsync(reader, cancellationToken)),
            RoutineDependencies = await DependenciesAsync(reader, CatalogQueries.RoutineDependencies, cancellationToken),
            Triggers = await reader.ReadAsync(
                CatalogQueries.Triggers,
                row => new Dependency(row.GetFieldValue<uint>(0), DependencyKind.Routine, row.GetFieldValue<uint>(1)),
                cancellationToken),
            RowTriggers = await reader.ReadAsync(
                CatalogQueries.RowTriggers,
                row => new RowTrigger(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), row.GetString(2), row.GetBoolean(3)),
                cancellationToken),
            RowExpressions = await reader.ReadAsync(
                CatalogQueries.RowExpressions,
                row => new RowExpression(
                    row.GetFieldValue<uint>(0),
                    row.GetString(1) switch { "p" => RowExpressionUse.Policy, "d" => RowExpressionUse.Default, _ => RowExpressionUse.Check },
                    row.GetFieldValue<uint>(2)),
                cancellationToken),
            RuledRelations = expressions.Where(expression => expression.IsRule).Select(rule => rule.Relation).ToHashSet(),
            Cascades = await EdgesAsync(reader, CatalogQueries.Cascades, cancellationToken),
            Operators = await reader.ReadAsync(
                CatalogQueries.Operators,
                row => new Operator(row.GetFieldValue<uint>(0), row.GetString(1), row.GetFieldValue<uint>(2), BuiltInReaders.Contains(row.GetString(3))),
                cancellationToken),
            Casts = await reader.ReadAsync(
                CatalogQueries.Casts,
                row => new Cast(
                    row.GetFieldValue<uint>(0), [row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)], row.GetFieldValue<uint>(5), row.GetFieldValue<uint>(6)),
                cancellationToken),
            TypeUses = await reader.ReadAsync(
                CatalogQueries.TypeUses, row => new TypeUse(row.GetString(0), row.GetFieldValue<uint>(1)), cancellationToken),
            Readers = readers,
            NamePlaces = await reader.ReadAsync(
                CatalogQueries.NamePlaces,
                row => new NamePlace(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetBoolean(3), row.GetBoolean(4)),
                cancellationToken),
            OperatorPlaces = await reader.ReadAsync(
                CatalogQueries.OperatorPlaces,
                row => new OperatorPlace(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetBoolean(2), row.GetBoolean(3)),
                cancellationToken),
            Types = UserTypes.Resolve(await reader.ReadAsync(
                CatalogQueries.Types,
                row => new TypeRow(
                    row.GetFieldValue<uint>(0), row.GetString(1)[0], row.GetString(2)[0], row.GetFieldValue<uint>(3), row.GetFieldValue<uint>(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetBoolean(6)),
                cancellationToken)),
        };
        var views = expressions.Where(expression => expression.IsView).Select(view => new ViewRule(view.Relation, view.Oid, view.Version)).ToArray();
        return (picture, views, binding, labelling);
    }

    /// <summary>The columns that patterns name, each with what the rules come to on it.</summary>
    private static async Task<IReadOnlyDictionary<ColumnKey, NamedColumn>> NamedAsync(CatalogReader reader, MaskingRule[] rules, CancellationToken cancellationToken)
    {
        var patterns = rules.SelectMany(rule => rule.Columns.Select(pattern => (Part: new RulePart(rule, pattern.Path), Pattern: pattern))).ToArray();
        if (patterns.Length == 0)
            return new Dictionary<ColumnKey, NamedColumn>();
        var found = await reader.ReadAsync(
            CatalogQueries.NamedColumns,
            row => (Key: Key(row), Name: row.GetString(2), Pattern: row.GetInt32(3)),
            cancellationToken,
            CatalogReader.Texts(patterns.Select(pattern => ColumnPattern.ToRegex(pattern.Pattern.Schema))),
            CatalogReader.Texts(patterns.Select(pattern => ColumnPattern.ToRegex(pattern.Pattern.Table))),
            CatalogReader.Texts(patterns.Select(pattern => ColumnPattern.ToRegex(pattern.Pattern.Column))),
            CatalogReader.Numbers(Enumerable.Range(0, patterns.Length)),
            CatalogReader.Booleans(patterns.Select(pattern => pattern.Pattern.IsForDocuments)));
        var named = new Dictionary<ColumnKey, NamedColumn>();
        foreach (var (key, name, index) in found)
        {
            var (part, pattern) = patterns[index];
            var former = named.GetValueOrDefault(key);
            named[key] = new(name, ColumnRules.With(former?.Rule, part, rules), pattern.IsForDocuments || former is { HasDocuments: true });
        }
        return named;
    }

    /// <summary>What is said to read masked columns involves them wherever it is named; what is said to change nothing does nothing but read.</summary>
    private static Routine Labelled(Routine routine, CatalogPicture picture)
    {
        if (!picture.FunctionLabels.TryGetValue(routine.Oid, out var bound))
            return routine;
        if (bound.Label.Result is FunctionResult.Masked or FunctionResult.Columns)
            routine = routine with { ReadsAnything = true };
        return bound.Label.IsReadOnly ? routine with { IsReadOnly = true, Kinds = StatementKinds.None, KeepsArguments = false } : routine;
    }

    private async Task<IReadOnlyDictionary<FunctionLabel, IReadOnlyList<ColumnKey>?>> LabelledColumnsAsync(CatalogReader reader, CancellationToken cancellationToken)
    {
        var patterns = _functionLabels.SelectMany(label => label.Columns.Select(pattern => (Label: label, Pattern: pattern))).ToArray();
        if (patterns.Length == 0)
            return new Dictionary<FunctionLabel, IReadOnlyList<ColumnKey>?>();
        var found = new List<ColumnKey>[patterns.Length];
        for (var index = 0; index < patterns.Length; index++)
        {
            var pattern = patterns[index].Pattern;
            found[index] = await reader.ReadAsync(
                CatalogQueries.NamedColumns,
                Key,
                cancellationToken,
                CatalogReader.Texts([ColumnPattern.ToRegex(pattern.Schema)]),
                CatalogReader.Texts([ColumnPattern.ToRegex(pattern.Table)]),
                CatalogReader.Texts([ColumnPattern.ToRegex(pattern.Column)]),
                CatalogReader.Numbers([0]),
                CatalogReader.Booleans([false]));
        }
        return patterns.Zip(found, (pattern, keys) => (pattern.Label, Keys: keys)).GroupBy(one => one.Label)
            .ToDictionary(label => label.Key, label => label.All(one => one.Keys.Count > 0) ? (IReadOnlyList<ColumnKey>)[.. label.SelectMany(one => one.Keys)] : null);
    }

    private async Task<bool> ReadStandardBodiesAsync(CatalogReader reader, CancellationToken cancellationToken)
    {
        var complete = true;
        foreach (var oid in _routines.Unread.ToList())
        {
            try
            {
                var body = await reader.ReadAsync(
                    CatalogQueries.StandardBody, row => row.IsDBNull(0) ? null : row.GetString(0), cancellationToken, CatalogReader.Oid(oid));
                if (body is [{ } text])
                    _routines.Add(oid, text);
                else
                    complete = false;
            }
            catch (PostgresException)
            {
                // A lock, or dropped meanwhile: what cannot be read may do anything.
                complete = false;
            }
        }
        return complete;
    }

    private async Task<(CatalogPicture Picture, bool Complete)> AnalyseViewsAsync(
        NpgsqlConnection connection, CatalogPicture picture, IReadOnlyList<ViewRule> views, bool complete, CancellationToken cancellationToken)
    {
        var taint = Taint.Compute(picture, picture.MaskedRelations());
        var tainted = views.Where(view => taint.Relations.Contains(view.View)).ToArray();
        var (origins, answered) = await _views.AnalyseAsync(connection, tainted, cancellationToken);
        var names = await new CatalogReader(connection).ReadAsync(
            CatalogQueries.Columns,
            row => KeyValuePair.Create(Key(row), row.GetString(2)),
            cancellationToken,
            CatalogReader.Oids(tainted.Select(view => view.View)));
        return (picture with { Views = origins, HiddenViews = _views.Hidden.ToFrozenSet(), ViewColumnNames = names.ToDictionary() }, complete && answered);
    }

    private static async Task<IReadOnlySet<uint>> ReadersAsync(CatalogReader reader, CancellationToken cancellationToken) =>
        (await reader.ReadAsync(CatalogQueries.Readers, row => row.GetFieldValue<uint>(0), cancellationToken, CatalogReader.Text(BuiltInReaders.Regex))).ToHashSet();

    private static async Task<IReadOnlyList<ColumnKey>> ValueColumnsAsync(CatalogReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(
            CatalogQueries.ValueColumns,
            Key,
            cancellationToken,
            CatalogReader.Texts(BuiltInReaders.ValueColumns.Select(column => column.Relation)),
            CatalogReader.Texts(BuiltInReaders.ValueColumns.Select(column => column.Columns)));

    private static async Task<IReadOnlyDictionary<uint, Dictionary<string, short>>> NamesakeColumnsAsync(
        CatalogReader reader, IReadOnlyList<BoundColumn> bound, CancellationToken cancellationToken)
    {
        var columns = await reader.ReadAsync(
            CatalogQueries.NamesakeColumns,
            row => (Key: Key(row), Name: row.GetString(2)),
            cancellationToken,
            CatalogReader.Texts(bound.Select(column => column.Name).Distinct()));
        return columns.GroupBy(column => column.Key.Relation)
            .ToDictionary(relation => relation.Key, relation => relation.ToDictionary(column => column.Name, column => column.Key.Attribute, StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<Dependency>> DependenciesAsync(CatalogReader reader, string query, CancellationToken cancellationToken) =>
        await reader.ReadAsync(
            query,
            row => new Dependency(
                row.GetFieldValue<uint>(0),
                row.GetBoolean(1) ? DependencyKind.Relation : row.GetBoolean(2) ? DependencyKind.Routine : DependencyKind.Operator,
                row.GetFieldValue<uint>(4)),
            cancellationToken);

    private static async Task<IReadOnlyList<Inheritance>> EdgesAsync(CatalogReader reader, string query, CancellationToken cancellationToken) =>
        await reader.ReadAsync(query, row => new Inheritance(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1)), cancellationToken);

    private static ColumnKey Key(NpgsqlDataReader row) => new(row.GetFieldValue<uint>(0), row.GetInt16(1));
}
