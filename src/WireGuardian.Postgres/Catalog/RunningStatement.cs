using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A statement that writes or runs users' code, and of which the picture said that it copies nothing masked unseen.</summary>
/// <param name="statements">The statements of its text, and what they run by a name.</param>
/// <param name="runsCode">It may run users' code: what that means no name of the statement tells.</param>
public sealed class RunningStatement(IReadOnlyList<StatementFacts> statements, bool runsCode)
{
    internal bool RunsCode => runsCode;

    /// <summary>Which of all it is, in the order in which they were sent.</summary>
    internal long Number { get; set; }

    /// <summary>True where the statement holds this name, or may.</summary>
    internal bool Names(string name)
    {
        foreach (var facts in statements)
        {
            if (facts.IsOpaque)
                return true;
            foreach (var identifier in facts.Identifiers)
            {
                if (identifier.Name == name)
                    return true;
            }
        }
        return false;
    }
}
