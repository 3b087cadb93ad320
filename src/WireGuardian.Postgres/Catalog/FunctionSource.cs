using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A function in SQL as pg_proc has it.</summary>
/// <param name="Oid">Its OID.</param>
/// <param name="Name">Its name, by which its body may qualify the names of its arguments.</param>
/// <param name="IsStrict">True where a null argument makes the result null.</param>
/// <param name="Text">The body.</param>
/// <param name="IsStandard">True for a body in the SQL standard's form: RETURN or BEGIN ATOMIC.</param>
/// <param name="ArgumentTypes">OIDs of the types of the arguments that a call gives.</param>
/// <param name="ArgumentNames">Their names, empty where one has none; none at all where no argument has a name.</param>
internal sealed record FunctionSource(
    uint Oid, string Name, bool IsStrict, string Text, bool IsStandard, IReadOnlyList<uint> ArgumentTypes, IReadOnlyList<string> ArgumentNames)
{
    private const string Return = "RETURN ";
    private const string Begin = "BEGIN ATOMIC";
    private const string End = "END";

    /// <summary>
    /// Its one query, to ask where its columns come from. Null where the body is more than one query, does more than reading, or can be read in several ways: a session's server
    /// reads a backslash as standard_conforming_strings is there.
    /// </summary>
    public LineageQuestion? Question()
    {
        var text = Text.Trim();
        if (IsStandard && text.StartsWith(Return, StringComparison.Ordinal))
            text = $"SELECT {text[Return.Length..]}";
        else if (IsStandard)
            text = text.StartsWith(Begin, StringComparison.Ordinal) && text.EndsWith(End, StringComparison.Ordinal) ? text[Begin.Length..^End.Length] : "";
        var sql = Encoding.UTF8.GetBytes(text);
        return !text.Contains('\\', StringComparison.Ordinal)
            && PostgresAnalyzer.Analyze(sql, PostgresSqlSettings.Default) is [{ IsOpaque: false, Kinds: StatementKinds.Select, ExecutesPrepared: null, FetchesCursor: null } facts]
            ? new(sql.AsMemory(facts.Text), facts, StandardConformingStrings: true, ArgumentTypes.ToArray())
            : null;
    }

    /// <summary>
    /// The query with <c>$n</c> in the place of an argument's name that the server could not find among the columns: as in a function, where a column comes before an argument. Null
    /// where no argument is named there.
    /// </summary>
    /// <param name="sql">The query.</param>
    /// <param name="position">The place of the name, in characters from 0.</param>
    public byte[]? WithParameter(ReadOnlySpan<byte> sql, int position)
    {
        if (position < 0 || position >= sql.Length || !Ascii.IsValid(sql))
            return null;
        using var buffer = TokenBuffer.Read(sql, standardConformingStrings: true);
        var tokens = buffer.Tokens;
        var first = 0;
        while (first < tokens.Length && tokens[first].Start != position)
            first++;
        if (first == tokens.Length || IdentifierText.Read(sql, tokens[first..]) is not { } name)
            return null;
        var last = first;
        if (Kind(tokens, first + 1) == TokenKind.Dot)
        {
            if (name != Name || first + 2 >= tokens.Length || Kind(tokens, first + 3) == TokenKind.Dot || IdentifierText.Read(sql, tokens[(first + 2)..]) is not { } qualified)
                return null;
            (name, last) = (qualified, first + 2);
        }
        var number = name.Length == 0 ? -1 : ArgumentNames.ToList().IndexOf(name);
        return number < 0 ? null : [.. sql[..position], .. Encoding.ASCII.GetBytes($" ${number + 1} "), .. sql[tokens[last].End..]];
    }

    private static TokenKind Kind(ReadOnlySpan<Token> tokens, int index) => index < tokens.Length ? tokens[index].Kind : TokenKind.End;
}
