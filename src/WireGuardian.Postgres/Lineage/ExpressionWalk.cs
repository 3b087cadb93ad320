using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>The lineage of expressions of one query.</summary>
internal sealed class ExpressionWalk(QueryScope scope, Findings findings)
{
    /// <summary>PARAM's paramkind.</summary>
    private const int ExternParameter = 0;
    private const int SublinkParameter = 2;
    private const int MultiexprParameter = 3;

    /// <summary>json, in pg_type.</summary>
    private const uint JsonType = 114;

    private readonly Dictionary<TreeNode, Sublink> _sublinks = new(ReferenceEqualityComparer.Instance);

    /// <summary>The lineage of one value. Plain where the value is a column's own, or one of several columns' own.</summary>
    public ColumnLineage Of(TreeItem item)
    {
        findings.Step();
        if (item is not TreeNode node)
            return Computed(item);
        switch (node.Label)
        {
            case "VAR":
                return scope.Column(node);
            case "PARAM":
                return Parameter(node);

            // The mask of a plain column is made for the type of the result, so a cast that keeps the bytes (varchar to text), a collation or a domain changes nothing.
            case "RELABELTYPE" or "COLLATEEXPR" or "COLLATE" or "COERCETODOMAIN" or "NAMEDARGEXPR":
                return Of(node["arg"]);
            case "TARGETENTRY":
                return Of(node["expr"]);
            case "RETURNINGEXPR":
                return Of(node["retexpr"]);

            // One of its arguments as it stands, and which one depends on nulls alone: the merged column of a FULL JOIN is one.
            case "COALESCEEXPR" or "COALESCE":
                return node.List("args").Select(Of).Aggregate(ColumnLineage.Nothing, (one, other) => one.Or(other));
            case "SUBLINK" when SublinkOf(node) is { IsScalar: true } scalar:
                return scalar.Columns is [var column, ..] ? column : ColumnLineage.Unknown("a sub-select without a column");
            case "FIELDSELECT":
                return Field(node);
            default:
                return PartOf(node) ?? Computed(node);
        }
    }

    /// <summary>The columns of a sub-select in an expression of this query; the sub-select is walked once.</summary>
    public Sublink SublinkOf(TreeNode node)
    {
        if (!_sublinks.TryGetValue(node, out var sublink))
            _sublinks[node] = sublink = Sublink.Walk(node, scope, findings);
        return sublink;
    }

    /// <summary>Adds what any number of expressions are computed from.</summary>
    public void Collect(TreeItem item, Sources into)
    {
        findings.Step();
        if (item is TreeList list)
        {
            foreach (var member in list.Items)
                Collect(member, into);
        }
        if (item is not TreeNode node)
            return;
        switch (node.Label)
        {
            case "VAR" or "PARAM" or "FIELDSELECT":
                into.Add(Of(node));
                break;
            case "SUBLINK":
                CollectSublink(node, into);
                break;
            case "AGGREF":
                CollectAggregate(node, into);
                break;
            case "WINDOWFUNC":
                CollectWindowFunction(node, into);
                break;

            // Which columns a grouping set leaves out: its arguments are never evaluated.
            case "GROUPINGFUNC":
                break;
            case var label when ComputingNodes.Contains(label):
                CollectComputed(node, into);
                break;
            default:
                into.AddUnknown($"a node of type {node.Label}");
                scope.RowSources.AddUnknown($"a node of type {node.Label}");
                break;
        }
    }

    private ColumnLineage Computed(TreeItem item)
    {
        var sources = new Sources();
        Collect(item, sources);
        return sources.ToLineage();
    }

    /// <summary>A part of a column's documents, where it matters which one it is; null for any other expression.</summary>
    private ColumnLineage? PartOf(TreeNode node)
    {
        if (DocumentAccess.Of(node) is not { } taken || FunctionOf(node) == FunctionLineage.ReadsElsewhere)
            return null;
        var document = Of(taken.Document);
        return document is { IsPlain: true, Columns.Count: 1 } or { Part: DocumentPart.Document } && findings.TakesPartOf(document.Columns.Single())
            ? document.Taken(taken.Steps, taken.IsText)
            : null;
    }

    private void CollectComputed(TreeNode node, Sources into)
    {
        if (PartOf(node) is { } part)
        {
            into.Add(part);
            return;
        }
        if (FunctionCall.Of(node, this, findings) is { } call)
        {
            into.Add(call.Value());
            scope.RowSources.Add(call.Predicates);
            if (node.IsTrue("funcretset"))
            {
                scope.RowCounts.Add(call.Value());
                scope.RowCounts.Add(call.Predicates);
            }
            return;
        }
        var sources = new Sources();
        var function = FunctionOf(node);
        if (function == FunctionLineage.Counts && !node.IsTrue("funcvariadic"))
        {
            CollectArguments(node, function, sources);
        }
        else
        {
            foreach (var value in node.Values)
                Collect(value, sources);
        }
        if (function == FunctionLineage.ReadsElsewhere)
            sources.AddUnknown(WhyElsewhere(node));
        if (node.Label == "JSONCONSTRUCTOREXPR" && findings.OfConversion(0, JsonType) != FunctionLineage.Computes)
            sources.AddUnknown("a cast to JSON may read elsewhere");
        var lineage = sources.ToLineage();
        into.Add(lineage);

        // A function that returns rows: how many there are depends on what it is computed from.
        if (node.IsTrue("funcretset") || node.IsTrue("opretset"))
        {
            scope.RowSources.Add(lineage);
            scope.RowCounts.Add(lineage);
        }
    }

    private FunctionLineage FunctionOf(TreeNode node)
    {
        if (node.Oid("funcid") is not 0 and var function)
            return findings.OfFunction(function);
        if (node.Oid("opfuncid") is not 0 and var ofOperator)
            return findings.OfFunction(ofOperator);
        if (node.Oid("opno") is not 0 and var operatorOid)
            return findings.OfOperator(operatorOid);
        return node.Oids("opnos").Any(each => findings.OfOperator(each) == FunctionLineage.ReadsElsewhere) ? FunctionLineage.ReadsElsewhere : FunctionLineage.Computes;
    }

    private void CollectAggregate(TreeNode node, Sources into)
    {
        var function = findings.OfFunction(node.Oid("aggfnoid"));
        if (function == FunctionLineage.ReadsElsewhere)
            into.AddUnknown(WhyElsewhere(node));
        var arguments = CollectArguments(node, function, into);
        Collect(node["aggdirectargs"], into);
        into.Add(scope.RowCounts.ToLineage());

        var filter = new Sources();
        Collect(node["aggfilter"], filter);
        into.Add(filter.ToLineage());

        // FILTER, DISTINCT and ORDER BY inside an aggregate choose and order rows as the clauses of the query do.
        scope.RowSources.Add(filter.ToLineage());
        if (node.Has("aggdistinct") || node.Has("aggorder"))
            scope.RowSources.Add(arguments);
    }

    /// <summary>
    /// What counts its arguments counts those that are not null. Of a column as it stands that says nothing of the values; whether an expression is null may depend on
    /// them (<c>count(nullif(a, 'x'))</c>).
    /// </summary>
    private ColumnLineage CollectArguments(TreeNode node, FunctionLineage function, Sources into)
    {
        var arguments = new Sources();
        foreach (var argument in node.List("args"))
        {
            var lineage = Of(argument);
            arguments.Add(lineage);
            if (function != FunctionLineage.Counts || !lineage.IsPlain)
                into.Add(lineage);
        }
        return arguments.ToLineage();
    }

    private void CollectWindowFunction(TreeNode node, Sources into)
    {
        var function = findings.OfFunction(node.Oid("winfnoid"));
        if (function == FunctionLineage.ReadsElsewhere)
            into.AddUnknown(WhyElsewhere(node));
        CollectArguments(node, function, into);
        Collect(node["aggfilter"], into);
        into.Add(scope.Window(node.Number("winref")));
        into.Add(scope.RowCounts.ToLineage());
    }

    private void CollectSublink(TreeNode node, Sources into)
    {
        var sublink = SublinkOf(node);
        Collect(node["testexpr"], into);
        if (sublink.IsExists)
            into.Add(sublink.RowSources);
        else
            sublink.Columns.ToList().ForEach(into.Add);
    }

    private ColumnLineage Parameter(TreeNode node) => node.Number("paramkind") switch
    {
        ExternParameter => findings.OfParameter(node.Number("paramid")),

        // Stands for a column of the sub-select whose comparison it is part of: the sublink around adds those.
        SublinkParameter => ColumnLineage.Nothing,
        MultiexprParameter => scope.MultiexprColumn(node.Number("paramid")),
        var kind => ColumnLineage.Unknown($"a parameter of kind {kind}"),
    };

    /// <summary>A field of a whole row is that column alone.</summary>
    private ColumnLineage Field(TreeNode node)
    {
        var field = node.Number("fieldnum");
        return node["arg"] switch
        {
            TreeNode { Label: "VAR" } row when row.Number("varattno") == 0 => scope.FieldOf(row, field),
            TreeNode { Label: "ROWEXPR" or "ROW" } row when field >= 1 && field <= row.List("args").Count => Of(row.List("args")[field - 1]).AsDerived(),
            var row => Of(row).AsDerived(),
        };
    }

    private static string WhyElsewhere(TreeNode node) =>
        node.Label switch
        {
            "AGGREF" => $"aggregate {node.Oid("aggfnoid")} may read elsewhere",
            "WINDOWFUNC" => $"window function {node.Oid("winfnoid")} may read elsewhere",
            "FUNCEXPR" => $"function {node.Oid("funcid")} may read elsewhere",
            _ => $"operator {node.Oid("opno")} may read elsewhere",
        };
}
