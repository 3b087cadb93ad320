namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// The meanings that names of several schemas can have together: whatever a session's search_path is, there is a schema in it that comes first of those that hold any of them, and
/// decides for all that it holds; then one for the rest.
/// </summary>
internal static class NameMeanings
{
    /// <summary>A statement with more meanings than this is not asked about in each of them.</summary>
    private const int Most = 16;

    private const string BuiltIn = "pg_catalog";

    /// <summary>One path per meaning; null where there are too many.</summary>
    /// <param name="places">Names, and the schemas that hold each.</param>
    /// <param name="others">Schemas that are looked into behind those.</param>
    public static IReadOnlyList<SearchPath>? Of(IReadOnlyDictionary<string, IReadOnlyList<string>> places, IReadOnlyCollection<string> others)
    {
        var paths = new List<SearchPath>();
        // Unless it is looked into later it comes first by itself.
        var last = places.Values.Any(holders => holders.Contains(BuiltIn)) ? (IReadOnlyCollection<string>)[.. others, BuiltIn] : others;
        return TryAdd(places, [], [], last, paths) ? paths : null;
    }

    private static bool TryAdd(
        IReadOnlyDictionary<string, IReadOnlyList<string>> open, List<string> first, List<(string Name, string Schema)> choices, IReadOnlyCollection<string> others,
        List<SearchPath> paths)
    {
        if (open.Count == 0)
        {
            if (paths.Count == Most)
                return false;
            List<string> schemas = [.. first, .. others.Where(schema => !first.Contains(schema))];
            if (schemas is [BuiltIn, ..])
                schemas.RemoveAt(0);
            paths.Add(new(schemas, [.. choices]));
            return true;
        }
        foreach (var schema in open.Values.SelectMany(holders => holders).Distinct().Order(StringComparer.Ordinal))
        {
            var held = open.Where(place => place.Value.Contains(schema)).Select(place => place.Key).ToHashSet(StringComparer.Ordinal);
            var rest = open.Where(place => !held.Contains(place.Key)).ToDictionary(place => place.Key, place => place.Value, StringComparer.Ordinal);
            if (!TryAdd(rest, [.. first, schema], [.. choices, .. held.Select(name => (name, schema))], others, paths))
                return false;
        }
        return true;
    }
}
