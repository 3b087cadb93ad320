using System.Text.RegularExpressions;
using WireGuardian.Core.Policies;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>Which columns the rules mask: a pattern matches without regard to case, and a database's name is the schema.</summary>
internal sealed class MaskedColumns
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private readonly (MaskingRule Rule, Regex Schema, Regex Table, Regex Column)[] _patterns;

    public MaskedColumns(IEnumerable<MaskingRule> rules) =>
        _patterns = [.. rules.SelectMany(rule => rule.Columns.Select(pattern => (rule, Glob(pattern.Schema), Glob(pattern.Table), Glob(pattern.Column))))];

    /// <summary>The first rule that matches; null where none does.</summary>
    public MaskingRule? RuleOf(Relation relation, RelationColumn column)
    {
        foreach (var (rule, schema, table, name) in _patterns)
        {
            if (schema.IsMatch(relation.Schema) && table.IsMatch(relation.Name) && (name.IsMatch(column.OriginalName) || name.IsMatch(column.Name)))
                return rule;
        }
        return null;
    }

    private static Regex Glob(string glob) => new(ColumnPattern.ToRegex(MySqlNames.Fold(glob)), Options);
}
