using System.Collections.Frozen;

namespace WireGuardian.MySql.Catalog;

/// <summary>
/// Common functions of the servers' own. Only asked where the catalog login may not see the routines: then any other name with a parenthesis behind it may
/// be a routine that reads anything.
/// </summary>
internal static class BuiltInFunctions
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "abs", "adddate", "ascii", "avg", "cast", "ceil", "ceiling", "char", "char_length", "coalesce", "concat", "concat_ws", "convert", "count", "curdate",
        "current_date", "current_time", "current_timestamp", "current_user", "curtime", "database", "date", "date_add", "date_format", "date_sub", "datediff",
        "day", "dayofmonth", "dayofweek", "dayofyear", "dense_rank", "exists", "extract", "field", "find_in_set", "floor", "format", "found_rows",
        "from_unixtime", "greatest", "group_concat", "hex", "hour", "if", "ifnull", "in", "insert", "instr", "interval", "isnull", "json_array", "json_extract",
        "json_object", "json_unquote", "json_value", "last_insert_id", "lcase", "least", "left", "length", "localtime", "locate", "lower", "lpad", "ltrim",
        "max", "md5", "mid", "min", "minute", "mod", "month", "now", "nullif", "ord", "over", "position", "pow", "power", "quarter", "rand", "rank", "repeat",
        "replace", "reverse", "right", "round", "row_count", "row_number", "rpad", "rtrim", "schema", "second", "session_user", "sha1", "sha2", "sign",
        "space", "sqrt", "std", "str_to_date", "strcmp", "subdate", "substr", "substring", "substring_index", "sum", "sysdate", "system_user", "time",
        "timediff", "timestamp", "timestampadd", "timestampdiff", "to_days", "trim", "truncate", "ucase", "unhex", "unix_timestamp", "upper", "user", "using",
        "utc_date", "utc_time", "utc_timestamp", "uuid", "values", "version", "week", "weekday", "year", "decimal", "varchar", "binary", "key", "index",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string name) => Names.Contains(name);
}
