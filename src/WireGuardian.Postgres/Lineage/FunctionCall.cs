using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>A call of a function whose body is known: its result with the arguments of this call in the place of the parameters.</summary>
internal sealed class FunctionCall
{
    private readonly FunctionBody _body;
    private readonly ColumnLineage[] _arguments;

    private FunctionCall(FunctionBody body, ColumnLineage[] arguments) => (_body, _arguments) = (body, arguments);

    /// <summary>What decides which rows the queries of the body have.</summary>
    public ColumnLineage Predicates => _body.Bind(_body.Predicates, _arguments);

    /// <summary>Null where the function has no body that is known, or where the call leaves arguments to their defaults.</summary>
    public static FunctionCall? Of(TreeNode node, ExpressionWalk expressions, Findings findings)
    {
        var function = node.Label == "FUNCEXPR" ? node.Oid("funcid") : 0;
        if (function == 0 || findings.BodyOf(function) is not { } body)
            return null;
        var arguments = new ColumnLineage[node.List("args").Count];
        var isWhole = body.TakesAny || arguments.Length == body.ParameterCount;
        for (var index = 0; index < arguments.Length; index++)
        {
            var argument = node.List("args")[index];
            var place = argument is TreeNode { Label: "NAMEDARGEXPR" } named ? named.Number("argnumber") : index;
            isWhole &= place >= 0 && place < arguments.Length && arguments[place] is null;
            if (isWhole)
                arguments[place] = expressions.Of(argument);
        }
        if (!isWhole)
            return null;
        findings.Follow(body);
        return new(body, arguments);
    }

    /// <summary>The result as one value.</summary>
    public ColumnLineage Value() => _body.Bind(_body.All(), _arguments);

    /// <summary>One column of the result, counted from 1, where the call stands in FROM and gives so many.</summary>
    public ColumnLineage Column(int column, int count) => _body.Bind(_body.Column(column, count), _arguments);
}
