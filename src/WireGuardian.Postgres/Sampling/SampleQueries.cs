using System.Globalization;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Postgres.Sampling;

/// <summary>What a sampler asks. Nothing in it runs a function of a user's: types are turned into text by casts that the server has itself.</summary>
internal static class SampleQueries
{
    /// <summary>Pages that are read at least, for one page may hold what came in together.</summary>
    private const long FewestPages = 16;

    /// <summary>Rows of a page that nothing is known of.</summary>
    private const double RowsPerPage = 20;

    public const string Databases =
        """
        select datname::text from pg_database
        where datallowconn and not datistemplate and has_database_privilege(oid, 'CONNECT') order by 1
        """;

    /// <summary>
    /// The columns of all tables: number, kind, schema, table, rows and pages by the statistics (of all partitions together), column number, name, the type below its
    /// domains (of an array that of its elements), whether it is an array's, whether the login may read it, partitions. A partition is read through its parent.
    /// </summary>
    public const string Columns =
        """
        with recursive part as (
          select c.oid as root, c.oid as leaf from pg_class c where c.relkind = 'p' and not c.relispartition
          union all select p.root, i.inhrelid from part p join pg_inherits i on i.inhparent = p.leaf),
        size as (
          select p.root, sum(greatest(c.reltuples, 0))::float8 as rows, sum(c.relpages)::int8 as pages, count(*)::int4 as parts
          from part p join pg_class c on c.oid = p.leaf where c.relkind = 'r' group by 1),
        base as (
          select t.oid as type, t.oid as below from pg_type t where t.typtype <> 'd'
          union all select t.oid, b.below from base b join pg_type t on t.typtype = 'd' and t.typbasetype = b.type)
        select c.oid, c.relkind::text, n.nspname::text, c.relname::text, coalesce(s.rows, c.reltuples)::float8, coalesce(s.pages, c.relpages)::int8,
               a.attnum, a.attname::text, coalesce(d.typname, e.typname, b.typname)::text, e.oid is not null,
               has_schema_privilege(n.oid, 'USAGE') and has_column_privilege(c.oid, a.attnum, 'SELECT'),
               coalesce(s.parts, 0)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join base on base.type = a.atttypid
        join pg_type b on b.oid = base.below
        left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'
        left join base below on below.type = e.oid
        left join pg_type d on d.oid = below.below
        left join size s on s.root = c.oid
        where c.relkind in ('r', 'p', 'm', 'v', 'f') and not c.relispartition and c.relpersistence <> 't'
          and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
        order by 3, 4, 7
        """;

    /// <summary>Pages of a table as they are now.</summary>
    public const string Pages = "select pg_relation_size($1::oid::regclass) / current_setting('block_size')::int8";

    /// <summary>A few of the partitions that hold rows ($1 the parent, $2 how many): schema, table, rows and pages by the statistics.</summary>
    public const string Partitions =
        """
        with recursive part as (
          select i.inhrelid as leaf from pg_inherits i where i.inhparent = $1
          union all select i.inhrelid from part p join pg_inherits i on i.inhparent = p.leaf),
        placed as (
          select n.nspname::text, c.relname::text, c.reltuples::float8, c.relpages::int8, c.oid, row_number() over (order by c.relname) as place, count(*) over () as parts
          from part p join pg_class c on c.oid = p.leaf join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r')
        select nspname, relname, reltuples, relpages, oid from placed where place % greatest(1, parts / $2) = 0 order by place limit $2
        """;

    /// <summary>What a type's values look like, and whether they are text; null for one that cannot hold what is looked for.</summary>
    /// <param name="type">The type below all domains, of an array that of its elements.</param>
    /// <param name="isArray">It is an array's element.</param>
    public static (TextStructure Structure, bool IsText)? FormOf(string type, bool isArray) => type switch
    {
        "text" or "varchar" or "bpchar" or "citext" => (isArray ? TextStructure.Array : TextStructure.Plain, true),
        "json" or "jsonb" => (isArray ? TextStructure.Array : TextStructure.Json, true),
        "hstore" when !isArray => (TextStructure.Hstore, true),
        "xml" when !isArray => (TextStructure.Xml, true),
        "int4" or "int8" or "numeric" or "date" or "inet" or "cidr" or "macaddr" or "macaddr8" when !isArray => (TextStructure.Plain, false),
        _ => null,
    };

    /// <summary>The query for a sample.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">At most.</param>
    /// <param name="length">Characters of a value.</param>
    /// <param name="percent">Of the table's pages that are looked at; null for the first rows, wherever they are.</param>
    public static string Sample(SampledTable table, IReadOnlyList<SampledColumn> columns, int rows, int length, double? percent)
    {
        var values = string.Join(", ", columns.Select(column => Text(column, length)));
        // A table that others inherit from is read without them: they are tables of their own.
        var only = table.Kind == TableKind.Table ? "only " : "";
        var pages = percent is null ? "" : string.Create(CultureInfo.InvariantCulture, $" tablesample system ({percent:0.######}) repeatable (1)");
        return $"select {values} from {only}{Quote(table.Schema)}.{Quote(table.Name)}{pages} limit {rows}";
    }

    /// <summary>The part of a table's pages that gives the rows wanted; null where that is a good part of them, so that the first rows do.</summary>
    /// <param name="table">The table.</param>
    /// <param name="pages">That it has.</param>
    /// <param name="rows">Wanted.</param>
    public static double? Percent(SampledTable table, long pages, int rows)
    {
        var perPage = table is { EstimatedRows: > 0, EstimatedPages: > 0 } ? Math.Max(0.01, table.EstimatedRows / table.EstimatedPages) : RowsPerPage;
        var wanted = Math.Max(FewestPages, 1.5 * rows / perPage);
        return wanted * 4 >= pages ? null : Math.Max(0.000001, 100 * wanted / pages);
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(SampledColumn column, int length)
    {
        var name = Quote(column.Name);
        // An address in text has its mask behind it, which is no part of an address.
        var text = column.Type is "inet" or "cidr" ? $"pg_catalog.host({name})" : $"{name}::pg_catalog.text";
        return column.IsText ? $"pg_catalog.substr({text}, 1, {length})" : text;
    }
}
