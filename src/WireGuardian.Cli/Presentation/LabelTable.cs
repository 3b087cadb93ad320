using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>Labels, one a line.</summary>
internal static class LabelTable
{
    public static Table Of(IEnumerable<ColumnLabel> labels)
    {
        var table = new Table(
            new Column("ID", 13), new Column("SINCE", 20), new Column("LISTENER", 8), new Column("DATABASE", 8), new Column("COLUMN", 16), new Column("MASK", 8),
            new Column("FROM", 12));
        foreach (var label in labels)
        {
            table.Add(
                label.Id, Moment.Readable(label.Since), label.Listener, label.Database, ColumnOf(label), MaskOf(label),
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
