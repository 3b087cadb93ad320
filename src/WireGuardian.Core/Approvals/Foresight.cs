namespace WireGuardian.Core.Approvals;

/// <summary>What can be said of a statement's result before it runs. Nothing of it decides anything.</summary>
/// <param name="Columns">Its columns; none where they are not known.</param>
/// <param name="Note">Why none or not all are shown; empty where there is nothing to say.</param>
/// <param name="Plan">What the server's planner expects; null where there is no plan to speak of.</param>
public sealed record Foresight(IReadOnlyList<ResultColumn> Columns, string Note, PlanEstimate? Plan)
{
    /// <summary>Columns of one result that are shown.</summary>
    public const int MostColumns = 100;

    /// <summary>Columns that one of them comes from.</summary>
    public const int MostSources = 20;

    public static Foresight None { get; } = new([], "", null);

    /// <summary>As many of the columns as are shown.</summary>
    public static Foresight Of(IReadOnlyList<ResultColumn> columns, string note, PlanEstimate? plan)
    {
        if (columns.Count > MostColumns)
            note = $"The first {MostColumns} of {columns.Count} columns are shown.{(note.Length > 0 ? $" {note}" : "")}";
        return new([.. columns.Take(MostColumns).Select(column => column with { Sources = [.. column.Sources.Take(MostSources)] })], note, plan);
    }
}
