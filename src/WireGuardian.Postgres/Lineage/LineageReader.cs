using WireGuardian.Postgres.Lineage.Trees;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// Reads the lineage of a statement from the query tree that the server wrote into its log (<c>debug_print_rewritten</c>): the DETAIL of one notice, a list of the
/// QUERY nodes that the statement became under rules. PostgreSQL 14 to 18.
/// </summary>
internal static class LineageReader
{
    /// <summary>
    /// The lineage. Throws <see cref="ProtocolException"/>, and nothing else, for a text that is no such list, for one of a utility statement, and for one beyond
    /// the limits: then nothing is known of the statement.
    /// </summary>
    /// <param name="tree">The list.</param>
    /// <param name="functions">What is known of functions.</param>
    /// <param name="isBody">The statement is a function's body: its parameters stand in the result as <see cref="FunctionBody.Parameter"/> gives them.</param>
    public static StatementLineage Read(ReadOnlySpan<char> tree, ILineageFunctions functions, bool isBody = false)
    {
        var queries = TreeReader.Read(tree) switch
        {
            TreeList list => list.Items,
            var item when item == TreeItem.Null => [],
            _ => throw Malformed(),
        };

        var findings = new Findings(functions, isBody);
        var predicates = new Sources();
        IReadOnlyList<OutputColumn> columns = [];
        var ruleResults = new List<IReadOnlyList<OutputColumn>>();
        foreach (var item in queries)
        {
            if (item is not TreeNode { Label: "QUERY" } query || query.Has("utilityStmt"))
                throw Malformed();
            var scope = new QueryScope(query, around: null, findings);
            OutputColumn[] found = [.. scope.ColumnNames.Zip(scope.Walk(), (name, lineage) => new OutputColumn(name, lineage))];
            predicates.Add(scope.RowSources.ToLineage());
            if (query.IsTrue("canSetTag"))
                columns = found;
            else if (scope.ReturnsRows)
                ruleResults.Add(found);
        }
        return new StatementLineage
        {
            Columns = columns,
            RuleResults = ruleResults,
            Predicates = predicates.ToLineage(),
            Reads = findings.Reads,
            Writes = findings.Writes,
            Relations = findings.Relations,
            Functions = findings.Functions,
            Labels = findings.Labels,
            MindsConstants = findings.MindsConstants,
            SeesThrough = findings.SeesThrough,
            ReadsElsewhere = findings.ReadsElsewhere,
        };
    }

    private static ProtocolException Malformed() => new(ProtocolFault.Server, "the rewritten query tree of a statement is expected");
}
