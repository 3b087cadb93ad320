using System.Text.RegularExpressions;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>Which columns the rules mask: a pattern matches without regard to case, and a database's name is the schema.</summary>
internal sealed class MaskedColumns
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private readonly (RulePart Part, bool IsForDocuments, Regex Schema, Regex Table, Regex Column)[] _patterns;

    public MaskedColumns(IEnumerable<MaskingRule> rules) => _patterns =
    [
        .. rules.SelectMany(rule => rule.Columns.Select(pattern =>
            (new RulePart(rule, pattern.Path), pattern.IsForDocuments, Glob(pattern.Schema), Glob(pattern.Table), Glob(pattern.Column)))),
    ];

    /// <summary>The first rule that matches, and what matches of its documents before it.</summary>
    public IEnumerable<RulePart> PartsOf(Relation relation, RelationColumn column)
    {
        foreach (var (part, isForDocuments, schema, table, name) in _patterns)
        {
            if (!schema.IsMatch(relation.Schema) || !table.IsMatch(relation.Name) || !(name.IsMatch(column.OriginalName) || name.IsMatch(column.Name)))
                continue;
            if (isForDocuments && (relation.View is not null || column.Type?.Shape != ValueShape.Json))
                continue;
            yield return part;
            if (part.Path is null)
                break;
        }
    }

    private static Regex Glob(string glob) => new(ColumnPattern.ToRegex(MySqlNames.Fold(glob)), Options);
}
