using WireGuardian.Core.Approvals;
using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Gating;

/// <summary>A relation that the catalog has, with the rows that it believes it to have.</summary>
/// <param name="Schema">Its schema; MySQL: its database.</param>
/// <param name="Name">Its name.</param>
/// <param name="Rows">An estimate.</param>
public sealed record CountedRelation(string Schema, string Name, long Rows)
{
    /// <summary>
    /// What operators see of the relations that a statement names: those of the catalog that a name can mean, or the name itself where there is none that was counted.
    /// </summary>
    /// <param name="named">The names, as they stand in the statement.</param>
    /// <param name="counted">What the catalog has under them.</param>
    /// <param name="schema">Where a name without a schema is; null where that can be anywhere.</param>
    /// <param name="names">How names are compared.</param>
    public static IReadOnlyList<RelationEstimate> Estimates(
        IEnumerable<Identifier> named, IReadOnlyList<CountedRelation> counted, string? schema, StringComparer names)
    {
        var estimates = new List<RelationEstimate>();
        foreach (var name in named.Distinct())
        {
            var before = estimates.Count;
            estimates.AddRange(counted
                .Where(one => names.Equals(one.Name, name.Name) && ((name.Qualifier ?? schema) is not { } qualifier || names.Equals(one.Schema, qualifier)))
                .Select(one => new RelationEstimate($"{one.Schema}.{one.Name}", one.Rows)));
            if (estimates.Count == before)
                estimates.Add(new(name.ToString(), null));
        }
        return [.. estimates.Distinct()];
    }
}
