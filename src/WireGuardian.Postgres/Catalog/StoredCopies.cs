using WireGuardian.Core.Labels;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Labels materialized views and generated columns as soon as a picture shows that they hold masked values: they keep these when their definition changes later
/// (a view below is replaced, DROP EXPRESSION).
/// </summary>
internal static class StoredCopies
{
    /// <summary>True where there was something to label. Throws <see cref="LabelStoreException"/> where that cannot be kept.</summary>
    public static bool Label(PostgresSnapshot snapshot, DatabaseLabels labels)
    {
        var (picture, view) = (snapshot.Picture, snapshot.Unexempted);
        if (view.MasksNothing)
            return false;
        var views = picture.ViewColumnNames.Where(column => picture.Relations.TryGetValue(column.Key.Relation, out var relation) && relation.Kind == 'm')
            .Select(column => (column.Key, Name: column.Value, Cause: "materialized view"));
        var generated = picture.GeneratedColumns.Values.Select(column => (column.Key, column.Name, Cause: "generated column"));
        ColumnLabel[] missing =
        [
            .. views.Concat(generated)
                .Where(column => !picture.Labels.Columns.ContainsKey(column.Key) && NeedsLabel(view.Resolve(column.Key.Relation, column.Key.Attribute), column.Key, picture))
                .Select(column => labels.Make(Describe(column.Key, column.Name, snapshot), column.Cause, picture.DatabaseNumber)),
        ];
        labels.Change([], missing);
        return missing.Length > 0;
    }

    /// <summary>One that a rule of the configuration names keeps its mask by that, unless it has others than in the places that the rule names.</summary>
    private static bool NeedsLabel(ColumnResolution resolution, ColumnKey key, CatalogPicture picture) =>
        resolution.Origin is ColumnOrigin.Masked or ColumnOrigin.Derived && !picture.Bound.Any(column =>
            column.Key == key && !column.IsHeld && (!column.IsPartial || resolution.Rule!.Parts?.SequenceEqual(column.Rule.Parts ?? []) == true));

    private static LabelledColumn Describe(ColumnKey key, string name, PostgresSnapshot snapshot)
    {
        var (picture, resolution) = (snapshot.Picture, snapshot.Unexempted.Resolve(key.Relation, key.Attribute));
        var rules = resolution.Origin is ColumnOrigin.Masked
            ? [resolution.Rule!]
            : snapshot.Rules.Where(rule => snapshot.ViewUnder(rule).Resolve(key.Relation, key.Attribute).Origin is ColumnOrigin.Masked or ColumnOrigin.Derived).ToArray();
        string[] names = [.. (rules.Length > 0 ? rules : [resolution.Rule!]).SelectMany(picture.Labels.NamesOf).Distinct()];
        var relation = picture.Relations[key.Relation];
        return new LabelledColumn
        {
            Relation = key.Relation,
            Attribute = key.Attribute,
            Schema = relation.Schema,
            Table = relation.Name,
            Column = name,
            Rules = names,
            IsDerived = resolution.Origin is ColumnOrigin.Derived || picture.Labels.Rules.ContainsKey(resolution.Rule!),
        };
    }
}
