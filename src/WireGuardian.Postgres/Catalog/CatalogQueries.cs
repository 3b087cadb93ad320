namespace WireGuardian.Postgres.Catalog;

/// <summary>The questions that a load asks. Set-based: their number does not grow with the database.</summary>
internal static partial class CatalogQueries
{
    public const string Begin = "begin transaction isolation level repeatable read, read only";

    public const string Rollback = "rollback";

    /// <summary>
    /// Changes with every committed change of what a picture is made of: a row version is named by its object and xmin, and the sums of
    /// hashes do not depend on order. Reading it costs a scan of the catalogs, a small part of a load.
    /// </summary>
    public const string Fingerprint =
        """
        select concat_ws(':',
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_class where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, (attrelid::bigint << 16) + attnum)))
             from pg_attribute where attrelid >= 16384 and attnum > 0),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_namespace),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, (inhrelid::bigint << 31) # inhparent::bigint))) from pg_inherits),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_rewrite where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_proc where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_trigger),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_type where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_enum),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_operator where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_cast where oid >= 16384),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_attrdef),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_policy),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_statistic_ext),
          (select concat(count(*), '/', sum(hashtextextended(xmin::text, oid::bigint))) from pg_constraint where oid >= 16384))
        """;

    /// <summary>The numbers of all databases of the server, and which is this one.</summary>
    public const string Databases = "select oid, datname = current_database() from pg_database";

    /// <summary>All schemas, and whether the catalog login may look into them.</summary>
    public const string Schemas = "select nspname::text, has_schema_privilege(oid, 'USAGE') from pg_namespace";

    public const string Relations =
        """
        select c.oid, c.relkind::text, n.nspname::text, c.relname::text, c.relnatts
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
        """;

    /// <summary>
    /// Columns that a pattern names: $1 schemas, $2 tables, $3 columns as regular expressions, $4 the rule's place. Column names are compared
    /// once for each different name, not once for each column.
    /// </summary>
    public const string NamedColumns =
        """
        with recursive pattern as materialized (
          select * from unnest($1, $2, $3, $4, $5) as p (schema_regex, table_regex, column_regex, number, documents)),
        document (oid) as (
          values ('json'::regtype::oid), ('jsonb'::regtype)
          union
          select t.oid from document d join pg_type t on t.typbasetype = d.oid or (t.typelem = d.oid and t.typcategory = 'A')),
        name as materialized (
          select distinct attname from pg_attribute where attrelid >= 16384 and attnum > 0 and not attisdropped),
        named as materialized (
          select n.attname, p.* from name n join pattern p on n.attname::text ~ p.column_regex)
        select distinct a.attrelid, a.attnum, a.attname::text, m.number
        from named m
        join pg_attribute a on a.attname = m.attname
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
          and c.relname::text ~ m.table_regex and n.nspname::text ~ m.schema_regex
          and (not m.documents or (c.relkind <> 'v' and a.atttypid in (select oid from document)))
        order by 4
        """;

    public const string ColumnNames =
        """
        select a.attrelid, a.attnum, a.attname::text
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f')
        """;

    /// <summary>The present names of columns ($1 relations, $2 attribute numbers) that still exist.</summary>
    public const string NamesOfColumns =
        """
        select a.attrelid, a.attnum, a.attname::text
        from unnest($1, $2) as k (relation, attribute)
        join pg_attribute a on a.attrelid = k.relation and a.attnum = k.attribute
        where not a.attisdropped
        """;

    /// <summary>The same with schema and table, for people to read.</summary>
    public const string FullNamesOfColumns =
        """
        select a.attrelid, a.attnum, concat_ws('.', n.nspname, c.relname, a.attname)
        from unnest($1, $2) as k (relation, attribute)
        join pg_attribute a on a.attrelid = k.relation and a.attnum = k.attribute
        join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        """;

    public const string ValueColumns =
        """
        select a.attrelid, a.attnum
        from unnest($1, $2) as k (relation, columns)
        join pg_class c on c.relname = k.relation and c.relnamespace = 'pg_catalog'::regnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attname::text ~ k.columns
        """;

    /// <summary>A generated column, its name, the columns of its row that it is computed from, and whether it is stored; before PostgreSQL 15 these hang on the column, not on its expression.</summary>
    public const string GeneratedColumns =
        """
        select a.attrelid, a.attnum, a.attname::text, array(
            select d.refobjsubid::int2 from pg_depend d
            where d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid not in (0, a.attnum)
                and ((d.classid = 'pg_attrdef'::regclass and d.objid in (select oid from pg_attrdef where adrelid = a.attrelid and adnum = a.attnum))
                    or (d.classid = 'pg_class'::regclass and d.objid = a.attrelid and d.objsubid = a.attnum))),
            a.attgenerated = 's'
        from pg_attribute a where a.attgenerated <> '' and a.attnum > 0 and not a.attisdropped
        """;

    public const string Inheritance =
        """
        select i.inhrelid, i.inhparent
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where c.relkind in ('r', 'p', 'f')
        """;

    public const string NamesakeColumns =
        """
        select a.attrelid, a.attnum, a.attname::text
        from pg_attribute a
        where a.attrelid in (select inhrelid from pg_inherits union select inhparent from pg_inherits)
          and a.attnum > 0 and not a.attisdropped and a.attname::text = any ($1)
        """;

    /// <summary>What the rules, defaults, policies and constraints of relations refer to.</summary>
    public const string RelationDependencies =
        """
        with owner as (
          select 'pg_rewrite'::regclass as classid, oid as objid, ev_class as relation from pg_rewrite where oid >= 16384
          union all select 'pg_attrdef'::regclass, oid, adrelid from pg_attrdef
          union all select 'pg_policy'::regclass, oid, polrelid from pg_policy
          union all select 'pg_constraint'::regclass, oid, conrelid from pg_constraint where contype = 'c' and conrelid >= 16384)
        select distinct o.relation, d.refclassid = 'pg_class'::regclass, d.refclassid = 'pg_proc'::regclass, d.refclassid = 'pg_operator'::regclass, d.refobjid
        from owner o join pg_depend d on d.classid = o.classid and d.objid = o.objid
        where d.refobjid >= 16384 and d.refobjid <> o.relation
          and (d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)
            or d.refclassid = 'pg_class'::regclass and o.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass))
        """;

    /// <summary>
    /// The routines and operators that the server runs over the rows of a table by itself: p for those of its policies, d of its defaults and generated columns and of the
    /// domains of its columns, x of its indexes, checks, extended statistics, partition keys and triggers' conditions.
    /// </summary>
    public const string RowExpressions =
        """
        with recursive typed (relation, type) as (
            select a.attrelid, a.atttypid from pg_attribute a join pg_class c on c.oid = a.attrelid
            where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped and a.atttypid >= 16384 and c.relkind in ('r', 'p', 'f')
            union
            select u.relation, part.type
            from typed u join pg_type t on t.oid = u.type
            cross join lateral (
              select t.typbasetype union all select t.typelem
              union all select a.atttypid from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
              union all select r.rngsubtype from pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)) as part (type)
            where part.type >= 16384),
        stored as (
          select 'pg_attrdef'::regclass as classid, oid as objid, adrelid as relation, 'd' as use from pg_attrdef
          union all select 'pg_type'::regclass, type, relation, 'd' from typed
          union all select 'pg_constraint'::regclass, k.oid, u.relation, 'x' from typed u join pg_constraint k on k.contypid = u.type
          union all select 'pg_constraint'::regclass, oid, conrelid, 'x' from pg_constraint where contype in ('c', 'x') and conrelid >= 16384
          union all select 'pg_class'::regclass, indexrelid, indrelid, 'x' from pg_index where indrelid >= 16384
          union all select 'pg_class'::regclass, partrelid, partrelid, 'x' from pg_partitioned_table
          union all select 'pg_statistic_ext'::regclass, oid, stxrelid, 'x' from pg_statistic_ext
          union all select 'pg_trigger'::regclass, oid, tgrelid, 'x' from pg_trigger
          union all select 'pg_policy'::regclass, oid, polrelid, 'p' from pg_policy)
        select distinct s.relation, s.use, coalesce(o.oprcode::oid, d.refobjid)
        from stored s join pg_depend d on d.classid = s.classid and d.objid = s.objid
        left join pg_operator o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
        where d.refobjid >= 16384 and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)
          and not (s.classid = 'pg_trigger'::regclass and exists (select from pg_trigger t where t.oid = s.objid and t.tgfoid = d.refobjid))
        """;

    /// <summary>OIDs of the built-in functions and relations whose names match $1.</summary>
    public const string Readers =
        """
        select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname::text ~ $1
        union select oid from pg_class where relnamespace = 'pg_catalog'::regnamespace and relname::text ~ $1
        """;

    /// <summary>Stored expressions, by object and version, with the relation that they belong to.</summary>
    public const string Expressions =
        """
        select oid, xmin::text::bigint, ev_class, ev_type::text from pg_rewrite where oid >= 16384
        union all select oid, xmin::text::bigint, adrelid, 'd' from pg_attrdef
        union all select oid, xmin::text::bigint, polrelid, 'p' from pg_policy
        """;

    /// <summary>
    /// Those of the expressions $1 whose stored tree calls or reads one of the built-ins that $2, a regular expression, lists by OID.
    /// </summary>
    public const string ReaderExpressions =
        """
        select oid from pg_rewrite where oid = any ($1) and (ev_action::text ~ $2 or ev_qual::text ~ $2)
        union all select oid from pg_attrdef where oid = any ($1) and adbin::text ~ $2
        union all select oid from pg_policy where oid = any ($1) and (polqual::text ~ $2 or polwithcheck::text ~ $2)
        """;

    public const string Routines =
        """
        select p.oid, p.xmin::text::bigint, n.nspname::text, p.proname::text, l.lanname::text,
               case when l.lanname in ('c', 'internal') then p.prosrc else '' end
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        where p.oid >= 16384
        """;

    public const string RoutineBodies =
        """
        select oid, case when prosqlbody is null then prosrc end, prosqlbody::text ~ $2
        from pg_proc where oid = any ($1)
        """;

    /// <summary>
    /// The bodies of those of the functions $1 that are in SQL and take no polymorphic arguments: owner of the name, whether null gives null, text, whether in the SQL standard's form,
    /// types of the arguments, and their names where they have some.
    /// </summary>
    public const string FunctionBodies =
        """
        select p.oid, p.proname::text, p.proisstrict, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), p.prosqlbody is not null, p.proargtypes::oid[],
               array(select coalesce(p.proargnames[i], '') from generate_subscripts(p.proargmodes, 1) i where p.proargmodes[i] in ('i', 'b', 'v')
                     union all
                     select coalesce(n, '') from unnest(p.proargnames) n where p.proargmodes is null)
        from pg_proc p join pg_language l on l.oid = p.prolang
        where p.oid = any ($1) and l.lanname = 'sql' and p.prokind = 'f'
          and not exists (select from unnest(p.proargtypes::oid[]) a join pg_type t on t.oid = a where t.typtype = 'p')
        """;

    public const string RoutineDependencies =
        """
        select distinct objid, refclassid = 'pg_class'::regclass, refclassid = 'pg_proc'::regclass, refclassid = 'pg_operator'::regclass, refobjid
        from pg_depend
        where classid = 'pg_proc'::regclass and objid >= 16384 and refobjid >= 16384 and refobjid <> objid
          and refclassid in ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_operator'::regclass)
        """;

    public const string Triggers =
        """
        select distinct t.tgrelid, d.refobjid
        from pg_trigger t join pg_depend d on d.classid = 'pg_trigger'::regclass and d.objid = t.oid
        where d.refclassid = 'pg_proc'::regclass and d.refobjid >= 16384
        """;

    public const string RowTriggers =
        """
        select t.tgrelid, t.tgfoid::oid, p.proname::text, t.tgnewtable is not null or t.tgoldtable is not null
        from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where not t.tgisinternal
        """;

    public const string Cascades =
        """
        select distinct conrelid, confrelid from pg_constraint
        where contype = 'f' and (confdeltype in ('c', 'n', 'd') or confupdtype in ('c', 'n', 'd'))
        """;

    public const string Operators =
        """
        select o.oid, o.oprname::text, o.oprcode::oid, p.proname::text
        from pg_operator o join pg_proc p on p.oid = o.oprcode
        where o.oid >= 16384
        """;

    /// <summary>Schemas ('' for any) and names give relations with the rows that the server last counted in them.</summary>
    public const string RowEstimates =
        """
        select n.nspname::text, c.relname::text, c.reltuples::int8
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'm', 'f') and c.reltuples >= 0 and n.nspname !~ '^pg_(toast|temp)'
          and exists (select from unnest($1, $2) as asked(schema, name) where c.relname = asked.name and asked.schema in ('', n.nspname))
        order by 1, 2 limit 50
        """;

    /// <summary>
    /// The schemas that hold something of a name, for names that are not pg_catalog's alone: relations and types (arrays go by the name of their elements), and
    /// routines, with whether these may give results of different kinds.
    /// </summary>
    public const string NamePlaces =
        """
        with named as (
          select relname as name, relnamespace as schema, null::text as result from pg_class where relkind not in ('i', 'I', 't')
          union all
          select typname, typnamespace, null from pg_type where typcategory <> 'A' and typtype <> 'c'
          union all
          select p.proname, p.pronamespace, case when r.typtype in ('b', 'd', 'e') then concat(p.prorettype, '/', p.proretset, '/', p.prokind) else p.oid::text end
          from pg_proc p join pg_type r on r.oid = p.prorettype)
        select d.name::text,
               coalesce(array_agg(distinct n.nspname::text) filter (where d.result is null), '{}'),
               coalesce(array_agg(distinct n.nspname::text) filter (where d.result is not null), '{}'),
               count(distinct d.result) > 1,
               count(d.result) > 1
        from named d join pg_namespace n on n.oid = d.schema
        where n.nspname <> 'pg_toast'
        group by d.name
        having bool_or(n.nspname <> 'pg_catalog')
        """;

    /// <summary>The schemas that hold operators of a symbol, for symbols that are not pg_catalog's alone, and whether which of them is meant can make a difference.</summary>
    public const string OperatorPlaces =
        """
        select o.oprname::text, array_agg(distinct n.nspname::text), count(distinct n.oid) > 1 and count(distinct o.oprresult) > 1, count(*) > 1
        from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
        group by o.oprname
        having bool_or(n.nspname <> 'pg_catalog')
        """;

    /// <summary>The full names of the types $1.</summary>
    public const string TypeNames =
        "select t.oid, format('%I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = any ($1)";

    public const string Casts =
        """
        select c.castfunc, s.typname::text, t.typname::text, format_type(c.castsource, null), format_type(c.casttarget, null), c.castsource, c.casttarget
        from pg_cast c join pg_type s on s.oid = c.castsource join pg_type t on t.oid = c.casttarget
        where c.castfunc >= 16384
        """;

    public const string TypeUses =
        """
        select t.typname::text, d.refobjid
        from pg_constraint k join pg_type t on t.oid = k.contypid
        join pg_depend d on d.classid = 'pg_constraint'::regclass and d.objid = k.oid
        where d.refclassid = 'pg_proc'::regclass and d.refobjid >= 16384
        union
        select t.typname::text, d.refobjid
        from pg_type t join pg_depend d on d.classid = 'pg_type'::regclass and d.objid = t.oid
        where t.oid >= 16384 and d.refclassid = 'pg_proc'::regclass and d.refobjid >= 16384
        """;

    /// <summary>
    /// Types that a mask can know: enums, domains, base types, and arrays of all but rows (every table has a type and an array of it).
    /// </summary>
    public const string Types =
        """
        select t.oid, t.typtype::text, t.typcategory::text, t.typbasetype, t.typelem,
               (select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1),
               exists (select from pg_depend d join pg_extension x on x.oid = d.refobjid
                       where t.typname = 'hstore' and d.classid = 'pg_type'::regclass and d.objid = t.oid and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e')
        from pg_type t left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
        where t.oid >= 16384
          and (t.typtype in ('e', 'd') or t.typtype = 'b' and (element.oid is null or element.typtype in ('e', 'd', 'b')))
        """;

    /// <summary>The columns that the rewrite rules $1 depend on.</summary>
    public const string RuleColumns =
        """
        select objid, refobjid, refobjsubid::smallint from pg_depend
        where classid = 'pg_rewrite'::regclass and objid = any ($1) and refclassid = 'pg_class'::regclass and refobjsubid > 0
        """;

    /// <summary>The columns of the relations $1.</summary>
    public const string Columns =
        "select attrelid, attnum, attname::text from pg_attribute where attrelid = any ($1) and attnum > 0 and not attisdropped";

    /// <summary>The query of a view, every name written so that it resolves under search_path pg_catalog.</summary>
    public const string ViewDefinition = "select pg_get_viewdef($1, false)";

    /// <summary>The body of a routine in the SQL standard's form.</summary>
    public const string StandardBody = "select pg_get_function_sqlbody($1)";
}
