using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>Gathers the expressions of one ALTER TABLE as a query for their values.</summary>
/// <param name="statement">The statement.</param>
/// <param name="first">Where its first action begins.</param>
internal readonly ref struct RowRewrites(StatementTokens statement, int first)
{
    private readonly StatementTokens _statement = statement;
    private readonly List<byte> _list = [];

    /// <summary>An expression, and the column that it is stored in, where the action names one that is there.</summary>
    /// <param name="within">A place within the action.</param>
    public void Add(int within, int from, int to)
    {
        if (to <= from)
            return;
        var column = Column(within);
        Write(_statement.Text[_statement[from].Start.._statement[to - 1].End], column < 0 ? "NULL"u8 : _statement.Bytes(column));
    }

    /// <summary>A column that keeps its values.</summary>
    /// <param name="within">A place within the action.</param>
    public void AddKept(int within)
    {
        var column = Column(within);
        if (column >= 0)
            Write(_statement.Bytes(column), _statement.Bytes(column));
    }

    /// <summary>Null where there is nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="spelled">Its name as the statement spells it.</param>
    public RewrittenColumns? ToFacts(Identifier table, ReadOnlySpan<byte> spelled) =>
        _list.Count == 0 ? null : new RewrittenColumns(table, (byte[])[.. "SELECT "u8, .. _list, .. " FROM ONLY "u8, .. spelled]);

    /// <summary>A line break ends a comment of the statement's own.</summary>
    private void Write(ReadOnlySpan<byte> expression, ReadOnlySpan<byte> column)
    {
        if (_list.Count > 0)
            _list.AddRange(", "u8);
        _list.AddRange("("u8);
        _list.AddRange(expression);
        _list.AddRange("\n), ("u8);
        _list.AddRange(column);
        _list.AddRange(")"u8);
    }

    /// <summary>The column of ALTER [COLUMN] column …; -1 for an action that is none of that.</summary>
    private int Column(int within)
    {
        var action = first;
        for (var i = first; i < within; i = _statement.Next(i))
        {
            if (_statement.Kind(i) == TokenKind.Comma)
                action = i + 1;
        }
        if (!_statement.Is(action, Word.Alter))
            return -1;
        var column = _statement.Is(action + 1, Word.Column) ? action + 2 : action + 1;
        return _statement.IsName(column) ? column : -1;
    }
}
