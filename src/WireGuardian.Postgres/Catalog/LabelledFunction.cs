using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A function of which the configuration says what its result is made of.</summary>
internal sealed class LabelledFunction(BoundLabel bound)
{
    public FunctionLabel Label => bound.Label;

    /// <summary>The same as a body: null where it counts as unknown, or where its columns could not be found.</summary>
    public FunctionBody? Body { get; } = bound.Label.Result switch
    {
        FunctionResult.Clear => new FunctionBody { TakesAny = true, Columns = [ColumnLineage.Nothing], Label = bound.Label },
        FunctionResult.Columns when bound.Columns is { } columns =>
            new FunctionBody { TakesAny = true, UsesArguments = true, Columns = [ColumnLineage.Derived(columns)], Label = bound.Label },
        _ => null,
    };
}
