namespace WireGuardian.IntegrationTests.Masking;

public static partial class LeakAttempts
{
    /// <summary>Everything that computes something from a masked value in a list of results.</summary>
    private static IEnumerable<LeakAttempt> Expressions =>
        Shown.Select(expression => new LeakAttempt(expression, $"SELECT {expression} FROM people"))
            .Concat(Veiled.Select(expression => new LeakAttempt(expression, $"SELECT {expression} FROM people") { Succeeds = false }));

    private static string[] Shown =>
    [
        "left(ssn, 8)", "right(ssn, 8)", "substr(ssn, 3, 8)", "substring(ssn FROM 1 FOR 9)", "substring(ssn FROM 'c.*-')", "overlay(ssn PLACING 'x' FROM 1 FOR 1)", "trim(BOTH 'c' FROM ssn)",
        "ltrim(ssn, 'c')", "rpad(ssn, 40, '.')", "lpad(email, 60)", "repeat(ssn, 2)", "replace(ssn, '-', '')", "translate(ssn, '-', '+')", "split_part(ssn, '-', 1)", "string_to_array(ssn, '-')",
        "string_to_array(ssn, NULL)", "array_to_string(string_to_array(ssn, NULL), ' ')", "regexp_split_to_array(ssn, '')", "string_to_table(ssn, NULL)", "regexp_replace(ssn, '-', '_')",
        "regexp_matches(ssn, '(.*)')", "regexp_match(ssn, '(c.*)-')", "regexp_substr(ssn, '[a-z]+')", "quote_literal(ssn)", "quote_ident(ssn)", "quote_nullable(email)", "format('%L', ssn)", "format('%I', ssn)",
        "format('%2$s', 1, ssn)", "concat(ssn)", "concat_ws(',', ssn, email)", "concat(VARIADIC ARRAY[ssn, email])", "ssn || 1", "ARRAY[ssn] || ARRAY[email]", "initcap(ssn)", "lower(upper(ssn))", "reverse(ssn)",
        "normalize(ssn)", "ascii(ssn) || ssn", "to_hex(ascii(substr(ssn, 1, 1))) || ssn", "encode(ssn::bytea, 'hex')", "encode(ssn::bytea, 'escape')",
        "encode(convert_to(ssn, 'LATIN1'), 'base64')", "encode(('x' || ssn)::bytea, 'base64')", "encode(('xy' || ssn)::bytea, 'base64')", "convert_from(convert_to(ssn, 'UTF8'), 'UTF8')", "convert(ssn::bytea, 'UTF8', 'LATIN1')",
        "ssn::bytea", "set_byte(ssn::bytea, 0, 120)", "substring(ssn::bytea FROM 2)", "sha224(ssn::bytea), sha256(ssn::bytea)", "sha512(email::bytea)", "encode(sha384(ssn::bytea), 'base64')", "md5(lower(ssn))", "md5(ssn::bytea)",
        "(SELECT string_agg(chr(ascii(c)), '') FROM string_to_table(ssn, NULL) c)", "(SELECT array_agg(ascii(c)) FROM string_to_table(ssn, NULL) c)", "(SELECT string_agg(ascii(c)::text, ',') FROM string_to_table(ssn, NULL) c)",
        "(SELECT string_agg(get_byte(ssn::bytea, i)::text, '.') FROM generate_series(0, length(ssn) - 1) i)", "(SELECT string_agg(get_byte(ssn::bytea, i)::bit(8)::text, '') FROM generate_series(0, length(ssn) - 1) i)",
        "(SELECT string_agg(to_hex(get_byte(ssn::bytea, i)), '') FROM generate_series(0, length(ssn) - 1) i)", "(SELECT string_agg(to_hex(get_byte(ssn::bytea, i)), ' ') FROM generate_series(0, length(ssn) - 1) i)",
        "ssn COLLATE \"C\"", "ssn::char(40)", "ssn::varchar(12)", "ssn::name", "CAST(ssn AS text)", "text(ssn)", "(ssn, email)::text", "ROW(ssn)", "ROW(ssn, ROW(email))", "ARRAY[ARRAY[ssn]]",
        "ARRAY[p.ssn] FROM (SELECT ssn FROM people) p --", "NULLIF(ssn, '')", "GREATEST(ssn, '')", "LEAST(ssn, 'zzz')", "COALESCE(NULL, ssn)", "CASE ssn WHEN '' THEN 'x' ELSE ssn END", "CASE WHEN true THEN ssn END",
        "to_json(ssn)", "to_jsonb(people)", "row_to_json(people, true)", "json_build_object('a', ssn)", "json_build_array(ssn, email)", "jsonb_build_object(ssn, 1)", "json_object(ARRAY[ssn, email])", "json_object(ARRAY['a'], ARRAY[ssn])",
        "jsonb_set('{}', '{a}', to_jsonb(ssn))", "jsonb_insert('[]', '{0}', to_jsonb(ssn))", "jsonb_pretty(to_jsonb(people))", "json_strip_nulls(row_to_json(people))", "jsonb_each_text(to_jsonb(people))", "jsonb_path_query(to_jsonb(people), '$.*')",
        "json_array_elements_text(json_build_array(ssn))", "jsonb_object_keys(jsonb_build_object(ssn, 1))", "(json_populate_record(NULL::people, row_to_json(people))).ssn", "(jsonb_populate_record(NULL::people, to_jsonb(people))).*",
        "to_jsonb(people) - 'id'", "to_jsonb(people) -> 'ssn'", "to_jsonb(people) #>> '{ssn}'", "(to_jsonb(people))['ssn']", "note['k']", "note -> 'k'", "note || '{}'", "note #- '{x}'", "jsonb_path_query_array(note, '$.**')", "jsonb_extract_path_text(note, 'k')",
        "xmlelement(name a, ssn)", "xmlelement(name a, xmlattributes(ssn AS b))", "xmlforest(ssn AS a)", "xmlconcat(extra, extra)", "xmlcomment(replace(ssn, '-', '_'))", "xmlpi(name a, ssn)", "xmlroot(extra, version '1.0')", "xmlserialize(CONTENT extra AS text)",
        "xmlagg(extra)", "(xpath('//v', extra))[1]", "extra::text", "to_tsvector('simple', ssn)", "to_tsquery('simple', quote_literal(ssn))", "plainto_tsquery('simple', email)", "ts_headline('simple', ssn, to_tsquery('x'))", "tsvector_to_array(to_tsvector('simple', ssn))",
        "array_to_tsvector(ARRAY[ssn])", "unnest(ARRAY[ssn, email])", "unnest(to_tsvector('simple', ssn))", "array_fill(ssn, ARRAY[2])", "array_append(NULL, ssn)", "array_prepend(ssn, NULL)", "array_cat(ARRAY[ssn], NULL)", "array_remove(ARRAY[ssn], 'x')",
        "array_replace(ARRAY['x'], 'x', ssn)", "(ARRAY[ssn])[1]", "(ARRAY[ssn, email])[1:2]", "trim_array(ARRAY[ssn, 'x'], 1)", "numrange(salary, salary, '[]')",
        "lower(numrange(salary, NULL))", "nummultirange(numrange(salary, NULL))", "salary * 1", "salary + 0", "-salary", "abs(salary)", "round(salary)", "round(salary, 1)", "ceil(salary)", "trunc(salary)", "salary::text", "salary::int", "salary::bigint", "salary::float4",
        "salary::float8", "salary::money", "salary::numeric(20, 4)", "salary::int::bit(32)", "to_char(salary, '999999999.99')", "to_char(salary, 'FM000000000')", "div(salary, 1)", "salary - 0", "power(salary, 1)", "mod(salary, 10000000)", "salary % 100000000",
        "width_bucket(salary, 0, 10000000, 10000000)", "min(salary)", "max(salary)", "percentile_disc(0.5) WITHIN GROUP (ORDER BY salary)", "percentile_disc(0) WITHIN GROUP (ORDER BY ssn)",
        "mode() WITHIN GROUP (ORDER BY ssn)", "min(ssn)", "max(email)", "string_agg(ssn, '')", "string_agg(ssn, ',' ORDER BY id)", "string_agg(ssn::bytea, ''::bytea)", "array_agg(ssn ORDER BY id)", "array_agg(ARRAY[ssn])", "json_agg(ssn)", "jsonb_agg(people)",
        "json_object_agg(id, ssn)", "jsonb_object_agg(ssn, id)", "string_agg(ssn, '') FILTER (WHERE id = 1)", "range_agg(numrange(salary, NULL))", "lag(ssn, 0) OVER ()", "lead(email) OVER (ORDER BY id)", "nth_value(ssn, 1) OVER ()", "last_value(ssn) OVER (ORDER BY id)",
        "string_agg(ssn, '') OVER (ORDER BY id ROWS UNBOUNDED PRECEDING)", "array_agg(ssn) OVER (PARTITION BY id)", "max(ssn) OVER (ORDER BY id GROUPS 1 PRECEDING EXCLUDE CURRENT ROW) || ssn", "current_setting('server_version') || ssn",
        "set_config('my.a', ssn, true)", "pg_typeof(ssn)::text || ssn", "ssn_of(id)", "collect_text(ssn)", "pg_catalog.upper(ssn)", "pg_catalog.concat(people)", "(people).ssn", "(people.*)::text", "people.ssn", "public.people.ssn", "ssn AS \"name\"",
    ];

    /// <summary>The server shows it in no form that is looked for, or refuses; here it must not show either.</summary>
    private static string[] Veiled =>
    [
        "ascii(ssn)", "length(ssn)", "get_byte(ssn::bytea, 0)", "get_bit(ssn::bytea, 0)", "position('7' IN ssn)", "strpos(ssn, '-')", "ssn LIKE 'canary%'", "ssn ~ '^c'", "ssn = 'x'", "hashtext(ssn)", "hashtextextended(ssn, 1)", "pg_column_size(ssn)",
        "ssn IS NULL", "bit_count(ssn::bytea)", "to_regclass(ssn)", "similarity(ssn, ssn)", "num_nulls(ssn)", "ssn < email", "count(ssn)", "count(DISTINCT ssn)", "bool_or(ssn LIKE 'c%')", "salary > 5", "sign(salary)", "ln(salary)", "sqrt(salary)", "corr(salary, id)",
        "starts_with(ssn, 'c')", "ssn ^@ 'c'", "rank() OVER (ORDER BY ssn)", "dense_rank() OVER (ORDER BY salary)", "crypt(ssn, 'x')", "digest(ssn, 'md5')", "levenshtein(ssn, '')", "soundex(ssn)", "pg_read_file(ssn)", "pg_ls_dir(ssn)", "lo_import(ssn)",
        "dblink(ssn, 'select 1')", "query_to_xml('select ' || quote_literal(ssn), true, true, '')", "inet_client_addr()::text || ssn::inet", "to_date(ssn, 'YYYY')", "to_timestamp(ssn, 'YYYY')", "age(ssn::timestamp)", "scale(salary) + salary", "sum(salary)", "avg(salary)", "variance(salary) + max(salary)", "numrange(salary, NULL) + numrange(NULL, salary)",
        "ssn::regrole", "ssn::tsquery", "ssn::interval",
    ];
}
