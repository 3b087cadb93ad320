namespace WireGuardian.Core.Policies;

/// <summary>One entry of <c>functions:</c>: what the results of a function of the database are made of, as the operator knows it. The proxy cannot look into every function.</summary>
public sealed record FunctionLabel
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>Listener names that the label is for; empty means all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    public required FunctionResult Result { get; init; }

    /// <summary>The columns that it reads, for <see cref="FunctionResult.Columns"/>.</summary>
    public IReadOnlyList<ColumnPattern> Columns { get; init; } = [];

    /// <summary>True where the function is known to store, send and change nothing; otherwise that is found out from its body, as for any other.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True when the label is for this listener.</summary>
    public bool AppliesTo(string listener) => Listeners.Count == 0 || Listeners.Contains(listener, StringComparer.Ordinal);

    public override string ToString() => $"{Schema}.{Name}";
}

/// <summary>What a function's result is made of.</summary>
public enum FunctionResult
{
    /// <summary>Of its arguments alone.</summary>
    Arguments,

    /// <summary>Of nothing that is masked, whatever its arguments are.</summary>
    Clear,

    /// <summary>Of its arguments and of columns that are named.</summary>
    Columns,

    /// <summary>It counts as unknown: masked as a whole.</summary>
    Masked,
}
