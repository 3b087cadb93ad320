using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What a function gives, as its body or the configuration has it: in terms of base columns and of its parameters.</summary>
internal sealed class FunctionBody
{
    /// <summary>How many arguments a call must have.</summary>
    public int ParameterCount { get; init; }

    /// <summary>The columns of its result; a value that is no row has one.</summary>
    public required IReadOnlyList<ColumnLineage> Columns { get; init; }

    /// <summary>What decides which rows its queries have.</summary>
    public ColumnLineage Predicates { get; init; } = ColumnLineage.Nothing;

    /// <summary>True where a null argument makes its result null, whatever stands in the body.</summary>
    public bool IsStrict { get; init; }

    /// <summary>True where the number of arguments is of no matter.</summary>
    public bool TakesAny { get; init; }

    /// <summary>True where its result is made of all its arguments as well.</summary>
    public bool UsesArguments { get; init; }

    /// <summary>The entry of the configuration that says all this; null for a body that was read.</summary>
    public FunctionLabel? Label { get; init; }

    /// <summary>Relations, functions and columns that its queries name.</summary>
    public IReadOnlySet<uint> Relations { get; init; } = new HashSet<uint>();

    /// <inheritdoc cref="Relations"/>
    public IReadOnlySet<uint> Functions { get; init; } = new HashSet<uint>();

    /// <inheritdoc cref="Relations"/>
    public IReadOnlySet<ColumnKey> Reads { get; init; } = new HashSet<ColumnKey>();

    /// <summary>Stands in the columns of a body for a parameter, counted from 1. There is no relation 0.</summary>
    public static ColumnLineage Parameter(int number) => ColumnLineage.Derived([new ColumnKey(0, (short)number)]);

    /// <summary>A body's column at a call with these arguments: never plain, for a conversion to the declared type may stand in between.</summary>
    public ColumnLineage Bind(ColumnLineage column, IReadOnlyList<ColumnLineage> arguments)
    {
        var sources = new Sources();
        if (!column.IsKnown)
            sources.Add(column);
        foreach (var key in column.Columns)
        {
            if (key.Relation != 0)
                sources.Add(ColumnLineage.Derived([key]));
            else if (key.Attribute >= 1 && key.Attribute <= arguments.Count)
                sources.Add(arguments[key.Attribute - 1]);
            else
                sources.AddUnknown("a parameter that the call does not give");
        }
        // Whether a computed argument is null can tell of the values that it is computed from.
        foreach (var argument in arguments)
        {
            if (UsesArguments || (IsStrict && !argument.IsPlain))
                sources.Add(argument);
        }
        return sources.ToLineage();
    }

    /// <summary>The column of a result that is a row of so many; where the body gives another number, any may come from all of its columns.</summary>
    public ColumnLineage Column(int column, int count) => Columns.Count == count && column >= 1 && column <= count ? Columns[column - 1] : All();

    /// <summary>Of the result as a whole.</summary>
    public ColumnLineage All()
    {
        var all = new Sources();
        foreach (var column in Columns)
            all.Add(column);
        return all.ToLineage();
    }
}
