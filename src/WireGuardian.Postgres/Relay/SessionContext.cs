using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>What stays the same for a session's whole life.</summary>
/// <param name="Listener">The listener's name.</param>
/// <param name="Principal">Who logged in.</param>
/// <param name="Database">The database.</param>
/// <param name="Policies">Where the policy in force is found.</param>
/// <param name="Catalog">The database's catalog; null where the listener has no catalog login.</param>
/// <param name="MaskKey">Key of <c>hash</c> and <c>token</c>.</param>
public sealed record SessionContext(
    string Listener,
    Principal Principal,
    string Database,
    PolicySource Policies,
    IDatabaseCatalog? Catalog,
    MaskKey MaskKey)
{
    /// <summary>What principals have used of their budgets, over all sessions; null where nobody counts, so that there is nothing to spend.</summary>
    public PredicateBudgets? PredicateBudgets { get; init; }
}
