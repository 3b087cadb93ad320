using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Reads the names of a statement one after the other. What may be a name counts as one: a key word too, unless both servers reserve it.
/// The words of a system variable are none.
/// </summary>
internal ref struct NameReader(StatementTokens statement)
{
    private readonly StatementTokens _statement = statement;
    private int _lastIndex = -1;
    private string? _last;
    private int _variable = -1;

    /// <summary>The name at this place with its qualifier; false where there is none.</summary>
    public bool TryRead(int index, out Identifier name)
    {
        name = default;
        var token = _statement[index];
        if (token.Kind == MySqlTokenKind.SystemVariable)
            _variable = index + 1;
        if (index == _variable)
        {
            // The name of the variable, and what follows it behind dots.
            if (_statement.Kind(index + 1) == MySqlTokenKind.Dot)
                _variable = index + 2;
            return false;
        }

        var isQualified = _statement.Kind(index - 1) == MySqlTokenKind.Dot;
        if (!token.IsName && !(isQualified && token.Kind == MySqlTokenKind.Word))
            return false;
        if (token.Keyword != MySqlKeyword.NoKeyword && index == _statement.Start)
            return false;
        if (_statement.Name(index) is not { } text)
            return false;
        string? qualifier = null;
        if (isQualified)
            qualifier = _lastIndex == index - 2 ? _last : _statement.Name(index - 2);
        name = new Identifier(qualifier, text);
        _lastIndex = index;
        _last = text;
        return true;
    }
}
