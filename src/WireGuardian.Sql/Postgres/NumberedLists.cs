using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Follows a statement through ORDER BY, GROUP BY and DISTINCT ON, in which a number may stand for a column. Such a list reaches to the next clause of its query, or to the
/// parenthesis that ends it.
/// </summary>
internal struct NumberedLists()
{
    private int _depth;
    private int _listDepth = -1;
    private bool _isBehindDistinct;

    /// <summary>True in such a list, and in what stands in parentheses in it.</summary>
    public readonly bool Inside => _listDepth >= 0;

    public void Open()
    {
        _depth++;
        _isBehindDistinct = false;
    }

    public void Close()
    {
        _depth--;
        _isBehindDistinct = false;
        if (_depth < _listDepth)
            _listDepth = -1;
    }

    /// <summary>A word or another token; the words that matter are enough, and whatever stands between them.</summary>
    public void Take(PostgresKeyword word)
    {
        switch (word)
        {
            case PostgresKeyword.By when _listDepth < 0:
                _listDepth = _depth;
                break;
            case PostgresKeyword.On when _isBehindDistinct && _listDepth < 0:
                _listDepth = _depth + 1;
                break;
            case PostgresKeyword.Limit or PostgresKeyword.Offset or PostgresKeyword.Having when _depth == _listDepth:
                _listDepth = -1;
                break;
        }
        _isBehindDistinct = word == PostgresKeyword.Distinct;
    }
}
