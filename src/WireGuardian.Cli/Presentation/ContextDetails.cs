using System.Globalization;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>What is known around a request, one fact a line; what is not known has none.</summary>
internal static class ContextDetails
{
    public static void Write(TextWriter output, RequestContext context)
    {
        if (context.Parameters.Count > 0)
            Fields.Write(output, "Values", string.Join(", ", context.Parameters.Select((value, index) => Value(index, value))));
        if (context.InvolvesMasked)
            Fields.Write(output, "Masking", "may read masked columns: what comes of them is masked");
        if (context.Reads.Count > 0)
            Fields.Write(output, "Reads", string.Join(", ", context.Reads.Select(Relation)));
        if (context.Writes.Count > 0)
            Fields.Write(output, "Writes", string.Join(", ", context.Writes.Select(Relation)));
        if (context.Plan is { } plan)
            Fields.Write(output, "Plan", plan.HasRows ? string.Create(CultureInfo.InvariantCulture, $"about {plan.Rows} row{(plan.Rows == 1 ? "" : "s")}") : $"not asked: {plan.NotAsked}");
        for (var index = 0; index < context.Columns.Count; index++)
            Fields.Write(output, index == 0 ? "Result" : "", Column(context.Columns[index], index + 1));
        if (context.ColumnsNote.Length > 0)
            Fields.Write(output, context.Columns.Count == 0 ? "Result" : "", context.ColumnsNote);
        if (context.TransactionStatements > 0)
        {
            var statements = string.Create(CultureInfo.InvariantCulture, $"{context.TransactionStatements} statement{(context.TransactionStatements == 1 ? "" : "s")} so far");
            Fields.Write(output, "Transaction", $"{statements}: {string.Join(", ", context.TransactionKinds)}");
        }
        if (context.Similar is { } similar)
        {
            var counts = string.Create(CultureInfo.InvariantCulture, $"{similar.Approved} approved, {similar.Denied} denied");
            Fields.Write(output, "Similar", $"{counts}; last {(similar.LastApproved ? "approved" : "denied")} by {similar.LastOperator} {Moment.Readable(similar.LastTime)}");
        }
    }

    private static string Relation(RelationEstimate relation) =>
        relation.HasRows ? string.Create(CultureInfo.InvariantCulture, $"{relation.Relation} (about {relation.Rows} row{(relation.Rows == 1 ? "" : "s")})") : relation.Relation;

    private static string Column(ResultColumn column, int number)
    {
        var name = column.Name.Length > 0 ? column.Name : string.Create(CultureInfo.InvariantCulture, $"column {number}");
        var mask = column.Mask.Length == 0 ? "shown" : column.Rule.Length == 0 ? column.Mask : $"{column.Mask} by {column.Rule}";
        return column.Sources.Count == 0 ? $"{name}: {mask}, {column.Lineage}" : $"{name}: {mask}, {column.Lineage} of {string.Join(", ", column.Sources)}";
    }

    private static string Value(int index, BindValue value) => string.Create(
        CultureInfo.InvariantCulture, $"{index + 1} {value.Type} {(value.Length < 0 ? "NULL" : $"{value.Length} byte{(value.Length == 1 ? "" : "s")}")}");
}
