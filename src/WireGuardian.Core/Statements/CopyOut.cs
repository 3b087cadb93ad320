namespace WireGuardian.Core.Statements;

/// <summary>COPY … TO STDOUT: what has to be known to read the data that it sends. There is none where its options could not be read, or its data not told apart.</summary>
public sealed record CopyOut
{
    public required CopyFormat Format { get; init; }

    /// <summary>Stands between the columns of text and csv; ASCII.</summary>
    public byte Delimiter { get; init; }

    /// <summary>Stands for NULL in text and csv; ASCII, and never what the server writes for a value, but for the empty text.</summary>
    public byte[] Null { get; init; } = [];

    /// <summary>The first line is the columns' names.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Stands around values of csv; ASCII.</summary>
    public byte Quote { get; init; }

    /// <summary>Stands before a quote inside a quoted value of csv; ASCII.</summary>
    public byte Escape { get; init; }

    /// <summary>Every value of csv is quoted.</summary>
    public bool ForcesAllQuotes { get; init; }

    /// <summary>The columns whose values are quoted in any case.</summary>
    public IReadOnlyList<string> ForcedQuotes { get; init; } = [];

    /// <summary>True when the data are UTF-8, false when they are of another encoding in which ASCII is ASCII; null: they are of client_encoding.</summary>
    public bool? IsUtf8 { get; init; }

    /// <summary>A query, never to be run, whose description is that of the columns: COPY's own with blanks before it, or one that selects the columns of its table.</summary>
    public required byte[] Describing { get; init; }

    /// <summary>True for COPY (query): then the places in <see cref="Describing"/> are those in the statement's text.</summary>
    public bool IsQuery { get; init; }

    /// <summary>True for a table that is named with its schema: whatever else the database holds, the name means that table.</summary>
    public bool IsCertain { get; init; }
}
