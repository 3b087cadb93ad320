using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

internal sealed record RoutineFacts(
    StatementKinds Kinds, IReadOnlySet<Identifier> Identifiers, IReadOnlySet<string> Operators, bool HasDynamicSql, bool ReadsCursor);

internal delegate RoutineFacts RoutineScan(ReadOnlySpan<byte> body);

internal static class RoutineBody
{
    public static RoutineFacts Scan(ReadOnlySpan<byte> body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body);
        var names = System.Text.RegularExpressions.Regex.Matches(text, @"(?:(\w+)\.)?(\w+)")
            .SelectMany(match => new[] { new Identifier(match.Groups[1].Success ? match.Groups[1].Value : null, match.Groups[2].Value) }).ToHashSet();
        var kinds = text.Contains("delete ") ? StatementKinds.Delete : text.Contains("insert ", StringComparison.OrdinalIgnoreCase) ? StatementKinds.Insert : StatementKinds.None;
        return new RoutineFacts(kinds, names, new HashSet<string>(), text.Contains("execute"), text.Contains("fetch"));
    }
}
