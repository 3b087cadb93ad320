using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>One entry of a range table and what its columns come from.</summary>
/// <param name="node">RANGETBLENTRY.</param>
/// <param name="scope">The query that the entry is of.</param>
/// <param name="findings">What is gathered on the way.</param>
/// <param name="insert">The query again where the entry is the EXCLUDED row of its INSERT.</param>
internal sealed class RangeTableEntry(TreeNode node, QueryScope scope, Findings findings, TreeNode? insert)
{
    /// <summary>RTEKind (src/include/nodes/parsenodes.h); the same in PostgreSQL 14 to 18, where 18 adds the last.</summary>
    private enum Kind
    {
        Relation,
        Subquery,
        Join,
        Function,
        TableFunction,
        Values,
        CommonTable,
        NamedTuplestore,
        Result,
        Group,
    }

    private readonly Dictionary<int, ColumnLineage> _columns = [];
    private readonly Kind _kind = (Kind)node.Number("rtekind");
    private IReadOnlyList<ColumnLineage>? _subquery;
    private bool _isOpen;

    public uint Relation => node.Oid("relid");

    /// <summary>The numbers of the entry's columns; one that was dropped keeps its number and has no name.</summary>
    public IEnumerable<int> Attributes =>
        (node.Node("eref")?.List("colnames") ?? []).Select((name, index) => (Name: name, Number: index + 1)).Where(column => column.Name is not TreeToken { Text: "" }).Select(column => column.Number);

    public IReadOnlyList<ColumnLineage>? SubqueryColumns
    {
        get
        {
            if (_subquery is null && !_isOpen && node.Node("subquery") is { } query)
            {
                _isOpen = true;
                var inner = new QueryScope(query, scope, findings);
                _subquery = inner.Walk();
                scope.AddRowsOf(inner);
            }
            return _subquery;
        }
    }

    public IReadOnlyList<uint> SubqueryTypes =>
        node.Node("subquery") is { } query ? [.. query.Nodes("targetList").Where(entry => !entry.IsTrue("resjunk")).Select(entry => ExpressionType.Of(entry["expr"]))] : [];

    /// <summary>Walks through what stands in the entry, used or not.</summary>
    public void Walk()
    {
        findings.AddRelation(Relation);
        var unused = new Sources();
        switch (_kind)
        {
            case Kind.Subquery:
                _ = SubqueryColumns;
                break;
            case Kind.Function:
                foreach (var function in node.Nodes("functions"))
                    WalkFunction(function, unused);
                break;
            case Kind.Values:
                scope.Expressions.Collect(node["values_lists"], unused);
                break;

            // XMLTABLE and JSON_TABLE give as many rows as the document has.
            case Kind.TableFunction:
                scope.RowSources.Add(Collected(node["tablefunc"]));
                scope.RowCounts.Add(Collected(node["tablefunc"]));
                break;
            case Kind.CommonTable when CommonTable is { } table:
                table.Walk();
                scope.RowSources.Add(table.RowSources);
                scope.RowCounts.Add(table.RowCounts);
                break;
        }
        scope.Expressions.Collect(node["tablesample"], scope.RowSources);
        scope.Expressions.Collect(node["securityQuals"], scope.RowSources);
    }

    private void WalkFunction(TreeNode function, Sources unused)
    {
        if (function.Node("funcexpr") is { } call && PartialReaders.Contains(call.Oid("funcid")))
        {
            _ = findings.OfFunction(call.Oid("funcid"));
            scope.Expressions.Collect(call["args"], unused);
            scope.RowCounts.Add(Collected(call["args"]));
            return;
        }
        scope.Expressions.Collect(function, unused);
    }

    public ColumnLineage Column(int attribute)
    {
        findings.Step();
        if (!_columns.TryGetValue(attribute, out var lineage))
        {
            lineage = attribute == 0 ? WholeRow() : Find(attribute);

            // What a recursive query says of itself changes from round to round.
            if (_kind != Kind.CommonTable)
                _columns[attribute] = lineage;
        }
        return lineage;
    }

    private CommonTable? CommonTable => scope.CommonTable(node.Text("ctename"), node.Number("ctelevelsup"));

    private ColumnLineage Find(int attribute) => _kind switch
    {
        // Where the row is, which table it is in, which transactions wrote it.
        Kind.Relation when attribute < 0 => ColumnLineage.Nothing,
        Kind.Relation => Stored(attribute),
        Kind.Subquery => At(SubqueryColumns, attribute),
        Kind.Join => Of(node.List("joinaliasvars"), attribute),
        Kind.Function => OfFunction(attribute),
        Kind.TableFunction => Collected(node["tablefunc"]),
        Kind.Values => OfValues(attribute),
        Kind.CommonTable => At(CommonTable?.Columns, attribute),
        Kind.Group => Of(node.List("groupexprs"), attribute),
        _ => ColumnLineage.Unknown($"a range table entry of kind {node.Number("rtekind")}"),
    };

    private ColumnLineage WholeRow()
    {
        var sources = new Sources();
        IEnumerable<int> attributes = _kind switch
        {
            Kind.Subquery => Enumerable.Range(1, SubqueryColumns?.Count ?? 0),
            Kind.CommonTable => Enumerable.Range(1, CommonTable?.Columns.Count ?? 0),
            _ => Attributes,
        };
        var isEmpty = true;
        foreach (var attribute in attributes)
        {
            sources.Add(Column(attribute));
            isEmpty = false;
        }
        if (isEmpty && _kind is not Kind.Relation)
            sources.AddUnknown("a row whose columns are not known");
        return sources.ToLineage();
    }

    private ColumnLineage Stored(int attribute)
    {
        if (Relation == 0 || attribute > short.MaxValue)
            return ColumnLineage.Unknown("a column that no relation has");
        var column = new ColumnKey(Relation, (short)attribute);
        findings.AddRead(column);
        var stored = ColumnLineage.Plain(column);
        return insert?.Nodes("targetList").FirstOrDefault(entry => entry.Number("resno") == attribute && !entry.IsTrue("resjunk")) is { } proposed
            ? stored.Or(scope.Expressions.Of(proposed))
            : stored;
    }

    /// <summary>Functions of ROWS FROM stand side by side, with the row's number at the end if WITH ORDINALITY asks for it.</summary>
    private ColumnLineage OfFunction(int attribute)
    {
        var last = 0;
        foreach (var function in node.Nodes("functions"))
        {
            last += function.Number("funccolcount");
            if (attribute < 1 || attribute > last)
                continue;
            var call = function.Node("funcexpr");
            var name = call?.Oid("funcid") ?? 0;
            if (call is not null && FunctionCall.Of(call, scope.Expressions, findings) is { } followed)
                return followed.Column(attribute - last + function.Number("funccolcount"), function.Number("funccolcount"));
            return PartialReaders.ReadsElsewhere(name, attribute - last + function.Number("funccolcount")) switch
            {
                true => ColumnLineage.Unknown($"function {name} may read elsewhere"),
                false => Collected(call!["args"]),
                null => Collected(function),
            };
        }
        return attribute == last + 1 && node.IsTrue("funcordinality") ? ColumnLineage.Nothing : ColumnLineage.Unknown("a column that no function of FROM has");
    }

    private ColumnLineage OfValues(int attribute)
    {
        ColumnLineage? values = null;
        foreach (var row in node.List("values_lists"))
        {
            var value = row is TreeList list ? Of(list.Items, attribute) : ColumnLineage.Unknown("a row of VALUES that is none");
            values = values?.Or(value) ?? value;
        }
        return values ?? ColumnLineage.Unknown("VALUES without a row");
    }

    private ColumnLineage Collected(TreeItem item)
    {
        var sources = new Sources();
        scope.Expressions.Collect(item, sources);
        return sources.ToLineage();
    }

    private ColumnLineage Of(IReadOnlyList<TreeItem> expressions, int attribute) =>
        attribute >= 1 && attribute <= expressions.Count ? scope.Expressions.Of(expressions[attribute - 1]) : ColumnLineage.Unknown("a column that is not there");

    private static ColumnLineage At(IReadOnlyList<ColumnLineage>? columns, int attribute) =>
        columns is not null && attribute >= 1 && attribute <= columns.Count ? columns[attribute - 1] : ColumnLineage.Unknown("a column of a subquery that is not there");
}
