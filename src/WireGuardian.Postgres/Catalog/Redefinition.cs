using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>DDL whose transaction is open.</summary>
/// <param name="statements">The statements of one text that may change the catalog.</param>
/// <param name="touchesMasked">One of them names masked columns by the picture that it was judged by, or cannot be read.</param>
/// <param name="after">The latest statement that was under way when it began.</param>
public sealed class Redefinition(IReadOnlyList<StatementFacts> statements, bool touchesMasked, long after)
{
    private const StatementKinds Unseen = StatementKinds.Code | StatementKinds.Unclassified;

    internal bool TouchesMasked => touchesMasked;

    internal long After => after;

    /// <summary>True where it touches masked columns by a newer picture: it was judged before others made the view that it names.</summary>
    internal bool TouchesMaskedBy(ICatalogSnapshot? snapshot)
    {
        if (touchesMasked || snapshot is null)
            return true;
        foreach (var facts in statements)
        {
            if (snapshot.Unexempted.Involves(facts))
                return true;
        }
        return false;
    }

    /// <summary>True where it may make the statement read masked columns that it does not read by the picture.</summary>
    internal bool Concerns(RunningStatement running, ICatalogSnapshot? snapshot)
    {
        if (!TouchesMaskedBy(snapshot))
            return false;
        foreach (var facts in statements)
        {
            // A new relation changes nothing but what its name means.
            if (facts is { IsOpaque: false, Creates: { } created } && (facts.Kinds & Unseen) == 0)
            {
                if (running.Names(created.Name.Name) || (running.RunsCode && snapshot?.IsNamedInCode(created.Name.Name) != false))
                    return true;
            }
            else if (running.RunsCode || facts.IsOpaque || !facts.Kinds.HasFlag(StatementKinds.Ddl) || facts.AltersSchema)
            {
                return true;
            }
            else
            {
                foreach (var identifier in facts.Identifiers)
                {
                    if (running.Names(identifier.Name))
                        return true;
                }
            }
        }
        return false;
    }
}
