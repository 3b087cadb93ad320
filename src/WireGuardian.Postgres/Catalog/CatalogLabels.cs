using WireGuardian.Core.Labels;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Where catalogs find labels, and put those that they make by themselves.</summary>
/// <param name="Book">All labels.</param>
/// <param name="Follows">True while labels are made: <c>copies: label</c>. Those that are there hold in any case.</param>
public sealed record CatalogLabels(LabelBook Book, Func<bool> Follows);
