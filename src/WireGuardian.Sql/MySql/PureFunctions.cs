using System.Collections.Frozen;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Functions of both servers' own that compute from their arguments, or from nothing of the data's: what they give cannot come from elsewhere, and they keep nothing for later.
/// A call of theirs without a space before its parenthesis is never one of a stored function (manuals, "Function Name Parsing and Resolution").
/// </summary>
public static class PureFunctions
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "abs", "acos", "adddate", "ascii", "asin", "atan", "atan2", "avg", "bin", "bit_and", "bit_count", "bit_length", "bit_or", "bit_xor", "cast", "ceil", "ceiling",
        "char", "char_length", "character_length", "coalesce", "concat", "concat_ws", "conv", "convert", "cos", "cot", "count", "crc32", "curdate", "current_date",
        "current_time", "current_timestamp", "current_user", "curtime", "database", "date", "date_add", "date_format", "date_sub", "datediff", "day", "dayname",
        "dayofmonth", "dayofweek", "dayofyear", "degrees", "elt", "exp", "export_set", "extract", "field", "find_in_set", "floor", "format", "from_base64", "from_days",
        "from_unixtime", "greatest", "group_concat", "hex", "hour", "if", "ifnull", "insert", "instr", "isnull", "json_array", "json_arrayagg", "json_contains",
        "json_extract", "json_keys", "json_length", "json_object", "json_objectagg", "json_quote", "json_type", "json_unquote", "json_valid", "last_day", "lcase",
        "least", "left", "length", "ln", "localtime", "localtimestamp", "locate", "log", "log10", "log2", "lower", "lpad", "ltrim", "makedate", "maketime", "max", "md5",
        "microsecond", "mid", "min", "minute", "mod", "month", "monthname", "now", "nullif", "oct", "octet_length", "ord", "period_add", "period_diff", "pi", "position",
        "pow", "power", "quarter", "quote", "radians", "rand", "repeat", "replace", "reverse", "right", "round", "rpad", "rtrim", "schema", "sec_to_time", "second",
        "session_user", "sha", "sha1", "sha2", "sign", "sin", "soundex", "space", "sqrt", "std", "stddev", "stddev_pop", "stddev_samp", "str_to_date", "strcmp",
        "subdate", "substr", "substring", "substring_index", "subtime", "sum", "sysdate", "system_user", "tan", "time", "time_format", "time_to_sec", "timediff",
        "timestamp", "timestampadd", "timestampdiff", "to_base64", "to_days", "to_seconds", "trim", "truncate", "ucase", "unhex", "unix_timestamp", "upper", "user",
        "utc_date", "utc_time", "utc_timestamp", "uuid", "var_pop", "var_samp", "variance", "version", "week", "weekday", "weekofyear", "year", "yearweek",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="name">Folded.</param>
    public static bool Contains(string name) => Names.Contains(name);
}
