using WireGuardian.Core.Masking.Documents;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What is known of parts of documents.</summary>
internal static class DocumentParts
{
    /// <summary>Where a column, or a part of its documents, comes from: a part in which nothing is masked is not a masked one.</summary>
    public static ColumnResolution Resolve(this ICatalogView view, ColumnKey column)
    {
        var resolution = view.Resolve(column.Relation, column.Attribute);
        return column.Path is { } path && resolution is { Origin: ColumnOrigin.Masked, Rule.Places: { } places } && places.Within(path) is null
            ? resolution with { Origin = ColumnOrigin.Unmasked, Rule = null }
            : resolution;
    }

    /// <summary>The places in a part that is not masked as a whole; null where it cannot be told for sure which part it is.</summary>
    public static JsonPlaces? Within(this ColumnResolution resolution, JsonPath path) =>
        resolution is { Origin: ColumnOrigin.Masked, Rule.Places: { } places } && path.Steps.All(step => step.IsExact) && places.Within(path) is { IsMasked: false } within ? within : null;
}
