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
        if (context.Estimates.Count > 0)
            Fields.Write(output, "Rows about", string.Join(", ", context.Estimates.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Relation} {one.Rows}"))));
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

    private static string Value(int index, BindValue value) => string.Create(
        CultureInfo.InvariantCulture, $"{index + 1} {value.Type} {(value.Length < 0 ? "NULL" : $"{value.Length} byte{(value.Length == 1 ? "" : "s")}")}");
}
