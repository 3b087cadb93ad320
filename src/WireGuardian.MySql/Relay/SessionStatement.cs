using System.Security.Cryptography;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Limits;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>A text of COM_QUERY or COM_STMT_PREPARE, as the session knows it.</summary>
/// <param name="text">The client's own bytes.</param>
/// <param name="statements">What the analyzer found, one entry per statement in the text.</param>
/// <param name="settings">How the text was read.</param>
/// <param name="database">The session's own database when it was read; names without one mean relations of it.</param>
public sealed class SessionStatement(byte[] text, IReadOnlyList<MySqlStatement> statements, MySqlSqlSettings settings, string? database) : IReadText<SessionStatement>
{
    private static readonly MySqlStatement AnyStatement = new()
    {
        Facts = new StatementFacts { Kinds = StatementKinds.Unclassified, IsOpaque = true, MayChangeSettings = true },
        Transaction = TransactionEffect.Unknown,
        Results = ResultSets.Unknown,
    };

    private RecordMark _mark;

    /// <summary>Stands for a statement that was not seen: it may be anything.</summary>
    public static MySqlStatement Unseen => AnyStatement;

    public byte[] Text { get; private set; } = text;

    public IReadOnlyList<MySqlStatement> Statements => statements;

    public MySqlSqlSettings Settings => settings;

    public string? Database => database;

    /// <summary>Where this stands for a prepared statement of which nothing is known any more: that statement.</summary>
    public SessionStatement? Origin { get; init; }

    /// <summary>True when it was read under settings that were not known, because no rule made it matter.</summary>
    public bool IsGuessed { get; init; }

    /// <summary>True where nothing of its text was read, though it may be a text that can be.</summary>
    public bool IsUnread { get; init; }

    /// <summary>True for a command that reads the binary log.</summary>
    public bool IsBinaryLog { get; init; }

    /// <summary>What records and requests show, where it is not the text with its literals masked.</summary>
    public string? Shown { get; set; }

    /// <summary>The latest judgement; good as long as policy and catalog are those it was made under.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>What a recorder keeps of it.</summary>
    public ref RecordMark Mark => ref _mark;

    /// <summary>True when what it runs or shows depends on what ran before: a name found in the session, the messages of the last statement.</summary>
    public bool DependsOnSession { get; } = statements.Any(
        one => one.Facts.ExecutesPrepared is not null || one.Facts.Defines is not null || one.SideOutputs != SideOutputs.None);

    /// <summary>How rows that are fetched from its cursor are masked.</summary>
    public MaskPlan? CursorPlan { get; set; }

    /// <summary>How much may be fetched from its cursor; null for no limit.</summary>
    public ResultLimit<StatementAtGate>? CursorLimit { get; set; }

    /// <summary><see cref="RelayState.ResultCharacterSets"/> when it was opened: rows that are fetched come in the character set of now, not in that of their definitions.</summary>
    public int CursorCharacterSet { get; set; }

    /// <summary>Its question marks, as the server counted them; null until it is prepared.</summary>
    public int? ParameterCount { get; set; }

    /// <summary>A digest of the long data sent for its parameters since the last execution; null where there was none.</summary>
    public IncrementalHash? LongData { get; set; }

    /// <summary>The session's own database when the statement of this index runs; null where that is not known.</summary>
    public string? DatabaseOf(int index)
    {
        const StatementKinds Changers = StatementKinds.Code | StatementKinds.Ddl | StatementKinds.Unclassified;
        var own = database;
        foreach (var before in statements.Take(index))
            own = before.UsesDatabase ?? ((before.Facts.Kinds & Changers) == StatementKinds.None && before.Facts.ExecutesPrepared is null ? own : null);
        return own;
    }

    /// <summary>Names of every statement in it: an error that quotes them tells nothing new.</summary>
    public IEnumerable<Identifier> Identifiers => statements.SelectMany(one => one.Facts.Identifiers);

    /// <inheritdoc/>
    public bool IsBlindToNumbers => !DependsOnSession && statements.All(one => NumberTemplate.Suits(one.Facts) && one.Prepares is null && one.UsesDatabase is null);

    /// <inheritdoc/>
    public SessionStatement WithOtherNumbers(byte[] text)
    {
        var other = (SessionStatement)MemberwiseClone();
        other.Text = text;
        return other;
    }

    /// <summary>Reads a text.</summary>
    public static SessionStatement Read(ReadOnlySpan<byte> sql, TextCircumstances under) =>
        new(sql.ToArray(), MySqlAnalyzer.Analyze(sql, under.Settings), under.Settings, under.Database) { IsGuessed = under.IsGuessed };

    /// <summary>The same text, of which nothing is known.</summary>
    public SessionStatement AsUnread() => new(Text, [AnyStatement], settings, null) { IsUnread = true, Origin = this, Shown = LiteralMasker.Unreadable };

    /// <summary>True where the text may read otherwise under these settings than it did: MySQL reads a prepared statement again once something that it uses has changed.</summary>
    public bool MayReadOtherwise(MySqlSqlSettings now, bool areKnown) =>
        !(areKnown && settings with { IsUncertain = false } == now with { IsUncertain = false }) && !MySqlAnalyzer.ReadsAlways(Text);

    /// <summary>A text that is too long to be looked into.</summary>
    public static SessionStatement CreateUnseen(MySqlSqlSettings settings) =>
        new([], [AnyStatement], settings, null) { Shown = "(a statement that is too long to be read)" };

    /// <summary>Stands for a command that reads the binary log.</summary>
    public static SessionStatement CreateExport(MySqlSqlSettings settings, string shown) =>
        new([], [AnyStatement with { Facts = new() { Kinds = StatementKinds.Export, IsOpaque = true } }], settings, null) { Shown = shown, IsBinaryLog = true };
}
