using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Gating;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>A statement of a Parse or Query message, as the session knows it.</summary>
/// <param name="text">Its own bytes.</param>
/// <param name="facts">What the analyzer found in them.</param>
/// <param name="settings">How the server read them; null where that is not known, or where there is no text.</param>
public sealed class PreparedStatement(byte[] text, IReadOnlyList<StatementFacts> facts, PostgresSqlSettings? settings = null) : IReadText<PreparedStatement>
{
    private IReadOnlySet<Identifier>? _identifiers;
    private (ICatalogSnapshot? Snapshot, LineageAnswer? Answer)[]? _lineages;
    private RecordMark _mark;

    private static readonly StatementFacts[] Anything = [new StatementFacts { Kinds = StatementKinds.Unclassified, IsOpaque = true }];

    private static readonly StatementFacts[] AnyFunction = [new StatementFacts { Kinds = StatementKinds.Code, IsOpaque = true }];

    /// <summary>The facts of a statement that the session did not see: it may be anything.</summary>
    public static StatementFacts UnseenFacts => Anything[0];

    /// <summary>
    /// The facts of a cursor that the session did not see being opened. It reads by a query: DECLARE takes nothing else, and code that opens one for something
    /// else was judged by that when it was called.
    /// </summary>
    public static StatementFacts UnseenCursorFacts { get; } = new() { Kinds = StatementKinds.Select, IsOpaque = true, MayChangeSettings = true };

    /// <summary>Stands for a statement that the session did not see being prepared.</summary>
    public static PreparedStatement CreateUnseen() => new([], Anything) { MaskedText = "(a statement that was not seen being prepared)" };

    /// <summary>Stands for a name under which one of several statements may be found, not all of them made by messages.</summary>
    public static PreparedStatement OneOf(ReadOnlySpan<byte> name, IReadOnlyList<StatementFacts> facts) =>
        new(name.ToArray(), facts) { MaskedText = "(one of the statements made in SQL under a name)" };

    /// <summary>Stands for a function-call message.</summary>
    public static PreparedStatement CreateFunctionCall() => new([], AnyFunction) { MaskedText = "(a function-call message)" };

    /// <summary>A text that the server may read in more than one way.</summary>
    public static PreparedStatement Unreadable(byte[] text) => new(text, Anything) { MaskedText = "(a statement behind a change of settings in the same batch)" };

    /// <summary>Stands for a text that the server refuses unread.</summary>
    public static PreparedStatement Malformed() => new([], []);

    /// <summary>Reads a text.</summary>
    public static PreparedStatement Read(ReadOnlySpan<byte> sql, PostgresSqlSettings settings) =>
        new(sql.ToArray(), PostgresAnalyzer.Analyze(sql, settings), settings);

    /// <inheritdoc/>
    public bool IsBlindToNumbers => !DependsOnNames && Facts.All(NumberTemplate.Suits);

    /// <inheritdoc/>
    public PreparedStatement WithOtherNumbers(byte[] text)
    {
        var other = (PreparedStatement)MemberwiseClone();
        other.Text = text;
        return other;
    }

    /// <summary>The statement's own bytes, as the client sent them.</summary>
    public byte[] Text { get; private set; } = text;

    /// <summary>What the analyzer found, one entry per statement in the text.</summary>
    public IReadOnlyList<StatementFacts> Facts { get; } = facts;

    /// <inheritdoc cref="PreparedStatement(byte[], IReadOnlyList{StatementFacts}, PostgresSqlSettings?)"/>
    public PostgresSqlSettings? Settings { get; } = settings;

    /// <summary>OIDs of the parameter types that its Parse message gave.</summary>
    public uint[] ParameterTypes { get; init; } = [];

    /// <summary>Where the columns of its results come from, one entry per statement in the text, and the picture of the catalog under which that holds.</summary>
    public (ICatalogSnapshot? Snapshot, LineageAnswer? Answer)[] Lineages => _lineages ??= new (ICatalogSnapshot?, LineageAnswer?)[Facts.Count];

    /// <summary>The latest judgement; good as long as policy and catalog are those it was made under.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>True when it makes, runs or reads something by a name, whose meaning can change from one time to the next.</summary>
    public bool DependsOnNames { get; } = facts.Any(one => one.ExecutesPrepared is not null || one.FetchesCursor is not null || one.Defines is not null);

    /// <summary>The COPY … TO STDOUT that the text is and whose data can be masked; null for any other text.</summary>
    public CopyOut? CopyOut => Facts.Count == 1 ? Facts[0].CopyOut : null;

    /// <summary>The same statement, its data not to be masked: what encoding they would be in is not known.</summary>
    public PreparedStatement WithoutCopyOut() => new(Text, [.. Facts.Select(one => one with { CopyOut = null })]);

    /// <summary>True once the server said that the statement gives no rows; that never changes for a prepared statement.</summary>
    public bool GivesNoRows { get; set; }

    /// <summary>The names that the statement itself holds: an error that quotes them tells nothing new.</summary>
    public IReadOnlySet<Identifier> Identifiers =>
        _identifiers ??= Facts.Count == 1 ? Facts[0].Identifiers : Facts.SelectMany(one => one.Identifiers).ToHashSet();

    /// <summary>What a recorder keeps of it.</summary>
    public ref RecordMark Mark => ref _mark;

    /// <summary>The text with literals masked, for records; made when first needed.</summary>
    public string? MaskedText { get; set; }
}
