using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Metrics;

/// <summary>
/// The one kind under which a statement is counted. A statement with several kinds counts once, under the kind that matters most to somebody
/// who watches for damage: first what nobody understood, then what takes data away or opens doors, then what changes data, then the rest.
/// </summary>
public static class StatementKindLabel
{
    private static readonly StatementKinds[] BySeverity =
    [
        StatementKinds.Unclassified, StatementKinds.Export, StatementKinds.Code, StatementKinds.Privilege, StatementKinds.Ddl,
        StatementKinds.Delete, StatementKinds.Update, StatementKinds.Merge, StatementKinds.Insert, StatementKinds.Import,
        StatementKinds.Maintenance, StatementKinds.Explain, StatementKinds.Session, StatementKinds.Transaction, StatementKinds.Select,
    ];

    /// <summary>The label values, in the order of severity.</summary>
    public static IReadOnlyList<string> All { get; } = [.. BySeverity.Select(kind => kind.ToNames()[0])];

    /// <summary>Index into <see cref="All"/> of the most severe kind in <paramref name="kinds"/>; no kind at all counts as unclassified.</summary>
    public static int IndexOf(StatementKinds kinds)
    {
        for (var index = 0; index < BySeverity.Length; index++)
        {
            if ((kinds & BySeverity[index]) != 0)
                return index;
        }
        return 0;
    }

    /// <summary>The name of the most severe kind in <paramref name="kinds"/>.</summary>
    public static string Of(StatementKinds kinds) => All[IndexOf(kinds)];
}
