namespace WireGuardian.Postgres.Catalog;

/// <summary>What tells whether analysing or planning a statement on the catalog login would run code of users, with that login's rights.</summary>
internal static partial class CatalogQueries
{
    /// <summary>The types whose values the server checks by code of somebody who is no superuser, and the types that are made of those.</summary>
    private const string CodedTypes =
        """
        with recursive coded(oid) as (
            select k.contypid from pg_catalog.pg_constraint k
            where k.contypid <> 0 and exists (
                select from pg_catalog.pg_depend d
                left join pg_catalog.pg_operator o on d.refclassid = 'pg_catalog.pg_operator'::regclass and o.oid = d.refobjid
                join pg_catalog.pg_proc p on p.oid = case when d.refclassid = 'pg_catalog.pg_proc'::regclass then d.refobjid else o.oprcode end
                join pg_catalog.pg_roles r on r.oid = p.proowner
                where d.classid = 'pg_catalog.pg_constraint'::regclass and d.objid = k.oid and not r.rolsuper)
            union
            select found.oid from coded cross join lateral (
                select t.oid from pg_catalog.pg_type t where t.typelem = coded.oid or t.typbasetype = coded.oid
                union all select k.contypid from pg_catalog.pg_depend d join pg_catalog.pg_constraint k on k.oid = d.objid
                    where d.classid = 'pg_catalog.pg_constraint'::regclass and d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid = coded.oid and k.contypid <> 0
                union all select g.rngtypid from pg_catalog.pg_range g where g.rngsubtype = coded.oid
                union all select g.rngmultitypid from pg_catalog.pg_range g where g.rngtypid = coded.oid
                union all select c.reltype from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
                    where a.atttypid = coded.oid and not a.attisdropped and c.reltype <> 0) as found(oid))
        """;

    /// <summary>
    /// Fails (22012) where analysing a statement could run code of somebody who is no superuser, with the rights of whoever analyses: reading a constant of a type runs what
    /// checks the domains in it ('(x)'::composite). $1 are the statement's names, of which one has to be that of such a type, of a relation with a column of it, or of a function that takes or gives one
    /// (or there is an operator on it, which goes by any symbol); $2 its parameters' types.
    /// </summary>
    public const string RefuseCodeInConstants = CodedTypes +
        """

        select 1 / case when exists (
            select from coded join pg_catalog.pg_type t on t.oid = coded.oid where t.typname = any($1) or t.oid = any($2)
            union all select from coded join pg_catalog.pg_proc p on coded.oid = p.prorettype or coded.oid = any(p.proargtypes) or coded.oid = any(p.proallargtypes)
                where p.proname = any($1)
            union all select from coded join pg_catalog.pg_operator o on coded.oid in (o.oprleft, o.oprright)) then 0 else 1 end
        """;

    /// <summary>True where parsing the query of the view with the rewrite rule $1 again could run such code.</summary>
    public const string ViewHasCodeInConstants = CodedTypes +
        """

        select exists (
            select from coded join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid = coded.oid
            where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = $1)
        """;

    /// <summary>The same for a statement of which nothing is known.</summary>
    public const string HasCodeInTypes =
        """
        select exists (
            select from pg_catalog.pg_constraint k join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_constraint'::regclass and d.objid = k.oid
            left join pg_catalog.pg_operator o on d.refclassid = 'pg_catalog.pg_operator'::regclass and o.oid = d.refobjid
            join pg_catalog.pg_proc p on p.oid = case when d.refclassid = 'pg_catalog.pg_proc'::regclass then d.refobjid else o.oprcode end
            join pg_catalog.pg_roles r on r.oid = p.proowner
            where k.contypid <> 0 and not r.rolsuper)
        """;

    /// <summary>
    /// Of the relations $1 and all that inherit from them: whether planning a statement over them runs only code that comes with the server ($2 is the requester's
    /// login, $3 the prepared statement, $4 its functions). A planner computes in advance what it can of index expressions and predicates, constraints, partition keys and statistics: with the rights of whoever
    /// plans. pg_depend has a line for each function, operator, type and operator class of a user's in there. Whoever could change them while they are looked at must not be
    /// the requester. A planner also computes what is stable, for its estimates: of that only what plainly runs nothing that a text names.
    /// </summary>
    public const string PlanObstacles =
        """
        with recursive named(oid) as (
            select unnest($1) union select i.inhrelid from pg_catalog.pg_inherits i join named on i.inhparent = named.oid),
        parts(classid, objid) as (
            select 'pg_catalog.pg_class'::regclass::oid, oid from named
            union all select 'pg_catalog.pg_class'::regclass::oid, i.indexrelid from pg_catalog.pg_index i join named on i.indrelid = named.oid
            union all select 'pg_catalog.pg_constraint'::regclass::oid, k.oid from pg_catalog.pg_constraint k join named on k.conrelid = named.oid
            union all select 'pg_catalog.pg_attrdef'::regclass::oid, d.oid from pg_catalog.pg_attrdef d join named on d.adrelid = named.oid
            union all select 'pg_catalog.pg_statistic_ext'::regclass::oid, s.oid from pg_catalog.pg_statistic_ext s join named on s.stxrelid = named.oid)
        select exists (select from named left join pg_catalog.pg_class c on c.oid = named.oid
                       where c.oid is null or c.relkind not in ('r', 'p') or c.relhasrules or c.relrowsecurity),
               exists (select from pg_catalog.pg_depend d join parts on d.classid = parts.classid and d.objid = parts.objid
                       where d.refclassid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_type'::regclass,
                             'pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass, 'pg_catalog.pg_am'::regclass)),
               not exists (select from pg_catalog.pg_roles where rolname = $2)
                   or exists (select from named join pg_catalog.pg_class c on c.oid = named.oid join pg_catalog.pg_roles r on r.rolname = $2
                              where not r.rolsuper and pg_catalog.pg_has_role(r.oid, c.relowner, 'member')),
               exists (select from pg_catalog.pg_proc p where p.oid = any($4) and p.provolatile = 's'
                       and p.proname not in ('concat', 'concat_ws', 'format', 'to_char', 'to_date', 'to_timestamp', 'date_trunc', 'date_part', 'extract', 'timezone', 'age',
                           'quote_literal', 'array_to_string', 'to_json', 'to_jsonb', 'row_to_json', 'json_build_object', 'jsonb_build_object')
                       and exists (select from pg_catalog.unnest(p.proargtypes) as argument(type)
                           where argument.type not in (16, 20, 21, 23, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700))),
               coalesce((select pg_catalog.cardinality(parameter_types) from pg_catalog.pg_prepared_statements where name = $3), 0)
        """;
}
