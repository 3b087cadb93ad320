using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>Labels, one a line, with names as they are: they are what the list is for. What a rule masks by itself has no id.</summary>
internal static class LabelTable
{
    public static Table Of(IEnumerable<ColumnLabel> labels)
    {
        var table = new Table(
            Column.Whole("ID"), Column.Whole("SINCE"), Column.Whole("LISTENER"), Column.Whole("DATABASE"), Column.Whole("COLUMN"), Column.Whole("MASK"), Column.Whole("FROM"));
        foreach (var label in labels)
        {
            table.Add(
                label.Id.Length > 0 ? label.Id : "-", Moment.Readable(label.Since), label.Listener, label.Database, ColumnOf(label), MaskOf(label),
                label.Sources.Count > 0 ? string.Join(", ", label.Sources) : label.Cause);
        }
        return table;
    }

    /// <summary><c>schema.relation.column</c>; a relation that is not there yet in brackets.</summary>
    public static string ColumnOf(ColumnLabel label)
    {
        var column = label.Column.Length > 0 ? label.Column : $"#{label.Attribute}";
        return label.Pending ? $"({label.Relation}.{column})" : $"{label.Schema}.{label.Relation}.{column}";
    }

    private static string MaskOf(ColumnLabel label) => $"{(label.Derived ? "redact" : "as")} {string.Join(", ", label.Rules)}";
}
