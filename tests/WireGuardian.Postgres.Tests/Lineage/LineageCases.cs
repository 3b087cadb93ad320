using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Statements and their lineage, in the form of <see cref="LineageNames"/>.</summary>
internal static class LineageCases
{
    public const string Schema =
        """
        create sequence numbers;
        create type address as (street text, city text);
        create domain code as text;
        create table dept (id int primary key, name text, budget numeric);
        create table emp (id int primary key, name varchar(40), ssn text, salary int, dept_id int references dept, tags text[], info jsonb, home address, doc xml, pin code);
        create table note (id int primary key, emp_id int, body text);
        create table sale (id int, region text, buyer text, amount numeric) partition by list (region);
        create table sale_eu partition of sale for values in ('eu');
        create table sale_us partition of sale for values in ('us');
        create table worker (boss int) inherits (note);
        create table dropped (id int, gone text, kept text);
        alter table dropped drop column gone;
        create view v_emp as select id, upper(name) as uname, ssn from emp;
        create view v_dept as select e.id, e.ssn as secret, d.name from v_emp e join dept d using (id) where d.budget > 0;
        create view v_narrow as select id, body from note where emp_id > 0 with check option;
        create materialized view m_emp as select id, ssn from emp;
        create table log (id int, body text);
        create table ruled (id int, body text);
        create rule keep as on insert to ruled do also insert into log values (new.id, new.body);
        create rule tell as on update to ruled do also select old.id, n.ssn from emp n where n.id = old.id;
        create table silent (id int);
        create rule nothing as on insert to silent do instead nothing;
        create function shout(text) returns text language sql return upper($1) || '!';
        create function tainted_fetch(int) returns text language plpgsql as 'begin return (select ssn from emp where id = $1); end';
        create function pair(int, out a int, out b text) language sql as 'select $1, $1::text';
        create aggregate glue (text) (sfunc = textcat, stype = text, initcond = '');
        create function joined(text, text) returns text language sql immutable as 'select $1 || $2';
        create function tainted_joined(text, text) returns text language plpgsql as 'begin return (select ssn from emp limit 1); end';
        create table filled (a int, b int);
        create function fill() returns trigger language plpgsql as 'begin new.a := new.b; return new; end';
        create trigger fill before insert on filled for each row execute function fill();
        create table fetched (a int);
        create function tainted_fill() returns trigger language plpgsql as 'begin new.a := (select salary from emp limit 1); return new; end';
        create trigger fill before update on fetched for each row execute function tainted_fill();
        create operator <+> (leftarg = text, rightarg = text, function = joined);
        create operator <!> (leftarg = text, rightarg = text, function = tainted_joined);
        """;

    /// <summary>Those that a version can parse.</summary>
    public static IEnumerable<(string Statement, string Lineage)> Of(PostgresVersion version) =>
    [
        .. Common,
        .. version >= PostgresVersion.Version15 ? Since15 : [],
        .. version >= PostgresVersion.Version16 ? Since16 : [],
        .. version >= PostgresVersion.Version17 ? Since17 : [],
        .. version >= PostgresVersion.Version18 ? Since18 : [],
    ];

    private static readonly (string Statement, string Lineage)[] Common =
    [
        // Plain columns, aliases, stars.
        ("select ssn from emp", "ssn = emp.ssn"),
        ("select name as ssn, ssn as name from emp", "ssn = emp.name; name = emp.ssn"),
        ("select d.*, e.id from dept d, emp e", "id = dept.id; name = dept.name; budget = dept.budget; id = emp.id"),
        ("select name::text from emp", "name = emp.name"),
        ("select name collate \"C\" as c, pin, pin::text as t from emp", "c = emp.name; pin = emp.pin; t = emp.pin"),
        ("select ssn::code from emp", "ssn = emp.ssn"),
        ("select ctid, tableoid, xmin from emp", "ctid = -; tableoid = -; xmin = -"),
        ("select kept from dropped", "kept = dropped.kept"),
        ("select 1 as a, 'x' as b, null as c, now() as d, current_user as e", "a = -; b = -; c = -; d = -; e = -"),
        ("select $1::int as p, ssn || $2 as q from emp", "p = -; q ~ emp.ssn"),
        ("select", ""),

        // Expressions.
        ("select upper(ssn) as u, salary + 1 as s, -salary as n from emp", "u ~ emp.ssn; s ~ emp.salary; n ~ emp.salary"),
        ("select salary::text, salary::numeric as n from emp", "salary ~ emp.salary; n ~ emp.salary"),
        ("select case when ssn = 'x' then name else 'y' end as c from emp", "c ~ emp.name, emp.ssn"),
        ("select case ssn when 'x' then 1 end as c from emp", "c ~ emp.ssn"),
        ("select coalesce(ssn, 'none') as a, coalesce(ssn, name) as b, coalesce(upper(ssn), name) as c from emp", "a = emp.ssn; b = emp.name, emp.ssn; c ~ emp.name, emp.ssn"),
        ("select nullif(ssn, name) as a, greatest(salary, id) as b, ssn is distinct from name as c from emp", "a ~ emp.name, emp.ssn; b ~ emp.id, emp.salary; c ~ emp.name, emp.ssn"),
        ("select ssn is null as a, (salary > 1) is true as b, not (ssn = '') and id = 1 as c from emp", "a ~ emp.ssn; b ~ emp.salary; c ~ emp.id, emp.ssn"),
        ("select row(ssn, 1) as a, array[ssn, name] as b, (ssn, id) < ('a', 1) as c from emp", "a ~ emp.ssn; b ~ emp.name, emp.ssn; c ~ emp.id, emp.ssn"),
        ("select ssn in ('a', 'b') as a, id = any (array[salary, 1]) as b, ssn like 'x%' as c from emp", "a ~ emp.ssn; b ~ emp.id, emp.salary; c ~ emp.ssn"),
        ("select tags[1] as a, tags[salary:] as b, tags::varchar[] as c, array_length(tags, 1) as d from emp", "a ~ emp.tags; b ~ emp.salary, emp.tags; c ~ emp.tags; d ~ emp.tags"),
        ("select (home).city as a, home from emp", "a ~ emp.home; home = emp.home"),
        ("select info -> 'a' as a, info ->> ssn as b, info['x'] as c from emp", "a ~ emp.info; b ~ emp.info, emp.ssn; c ~ emp.info"),
        ("select xmlelement(name e, xmlattributes(ssn as s), name) as a, xmlforest(ssn) as b, doc is document as c from emp", "a ~ emp.name, emp.ssn; b ~ emp.ssn; c ~ emp.doc"),
        ("select format('%s', ssn) as a, concat(name, ssn) as b, concat_ws(',', variadic tags) as c from emp", "a ~ emp.ssn; b ~ emp.name, emp.ssn; c ~ emp.tags"),
        ("select to_json(e) as a, row_to_json(e) as b from (select id, ssn from emp) e", "a ~ emp.id, emp.ssn; b ~ emp.id, emp.ssn"),
        ("select ssn <+> name as a, shout(ssn) as b from emp", "a ~ emp.name, emp.ssn; b ~ emp.ssn"),
        ("select ssn <!> name as a, tainted_fetch(id) as b, id from emp", "a = ?; b = ?; id = emp.id"),
        ("select nextval('numbers') as a, currval('numbers') as b", "a = -; b = -"),

        // Whole rows and fields of them.
        ("select d from dept d", "d ~ dept.budget, dept.id, dept.name"),
        ("select d::text as t from dropped d", "t ~ dropped.id, dropped.kept"),
        ("select (d).name as a, (select x from dept x limit 1) as b from dept d", "a = dept.name; b ~ dept.budget, dept.id, dept.name"),
        ("select s from (select id, upper(ssn) as u from emp) s", "s ~ emp.id, emp.ssn"),
        ("select (s.r).name from (select d as r from dept d) s", "name ~ dept.budget, dept.id, dept.name"),
        ("select (row(emp.ssn, name)::address).city as c, (v).ssn as s from emp, v_emp v where v.id = emp.id", "c ~ emp.name; s = emp.ssn | where emp.id"),
        ("select j from (dept a join note b using (id)) as j", "j ~ dept.budget, dept.id, dept.name, note.body, note.emp_id | where dept.id, note.id"),
        ("select v from v_emp v", "v ~ emp.id, emp.name, emp.ssn"),

        // Subqueries, joins, lateral.
        ("select s.a from (select ssn as a, name as b from emp) s", "a = emp.ssn"),
        ("select s.b from (select ssn as a, name as b from emp where salary > 1 order by id limit 3) s", "b = emp.name | where emp.id, emp.salary"),
        ("select x.n, d.name from emp e join dept d on d.id = e.dept_id cross join lateral (select e.ssn || d.name as n) x", "n ~ dept.name, emp.ssn; name = dept.name | where dept.id, emp.dept_id"),
        ("select id from emp join dept using (id)", "id = emp.id | where dept.id, emp.id"),
        ("select id from emp left join dept using (id)", "id = emp.id | where dept.id, emp.id"),
        ("select id from emp right join dept using (id)", "id = dept.id | where dept.id, emp.id"),
        ("select id, name from emp full join dept using (id, name)", "id = dept.id, emp.id; name = dept.name, emp.name | where dept.id, dept.name, emp.id, emp.name"),
        ("select * from dept natural join note", "id = dept.id; name = dept.name; budget = dept.budget; emp_id = note.emp_id; body = note.body | where dept.id, note.id"),
        ("select j.first, u.first from (emp full join dept using (id)) as u (first), (note a cross join dept b) as j (first)", "first = note.id; first = dept.id, emp.id | where dept.id, emp.id"),
        ("select a.ssn from emp a, emp b where a.id = b.salary", "ssn = emp.ssn | where emp.id, emp.salary"),
        ("select id from emp where exists (select 1 from note where body = emp.ssn)", "id = emp.id | where emp.ssn, note.body"),
        ("select id from emp tablesample bernoulli (10)", "id = emp.id"),

        // Sub-selects in expressions.
        ("select (select ssn from emp where id = 1) as a", "a = emp.ssn | where emp.id"),
        ("select (select e.ssn from note where id = e.id) as a from emp e", "a = emp.ssn | where emp.id, note.id"),
        ("select (select upper(e.ssn)) as a, upper((select ssn from emp limit 1)) as b from emp e", "a ~ emp.ssn; b ~ emp.ssn"),
        ("select exists (select name from emp where ssn = 'x') as a", "a ~ emp.ssn | where emp.ssn"),
        ("select exists (select 1 from (select id from emp where ssn = 'x') s) as a", "a ~ emp.ssn | where emp.ssn"),
        ("with c as (select 1 from emp where ssn = 'x') select exists (select 1 from c) as a", "a ~ emp.ssn | where emp.ssn"),
        ("select id in (select emp_id from note) as a, ssn <> all (select body from note) as b from emp", "a ~ emp.id, note.emp_id; b ~ emp.ssn, note.body"),
        ("select (id, ssn) = (select emp_id, body from note limit 1) as a from emp", "a ~ emp.id, emp.ssn, note.body, note.emp_id"),
        ("select array(select ssn from emp order by id) as a", "a ~ emp.ssn | where emp.id"),
        ("select (select max(e.salary) from note) as a from emp e", "a ~ emp.salary"),
        ("select (select count(*) from note where id = e.id) as a from emp e", "a = - | where emp.id, note.id"),
        ("select name from emp order by (select budget from dept where id = dept_id)", "name = emp.name | where dept.budget, dept.id, emp.dept_id"),

        // Aggregates.
        ("select count(*) as a, count(ssn) as b, count(distinct ssn) as c, regr_count(salary, id) as d from emp", "a = -; b = -; c = -; d ~ emp.id, emp.salary | where emp.ssn"),
        ("select count(*) filter (where ssn = 'x') as a from emp", "a ~ emp.ssn | where emp.ssn"),
        ("select count(nullif(ssn, 'x')) as a, count(case when ssn > 'x' then 1 end) as b, count(coalesce(ssn, name)) as c, count((select salary)) as d from emp", "a ~ emp.ssn; b ~ emp.ssn; c = -; d = -"),
        ("select count(s.a) as a, count(s.b) over () as b from (select nullif(ssn, 'x') as a, ssn as b from emp) s group by s.b", "a ~ emp.ssn; b = - | where emp.ssn"),
        ("select max(ssn) as a, sum(salary) as b, string_agg(name, ',') as c, glue(ssn) as d from emp", "a ~ emp.ssn; b ~ emp.salary; c ~ emp.name; d ~ emp.ssn"),
        ("select array_agg(name order by ssn) as a from emp", "a ~ emp.name, emp.ssn | where emp.name, emp.ssn"),
        ("select percentile_disc(0.5) within group (order by salary) as a, mode() within group (order by ssn) as b from emp", "a ~ emp.salary; b ~ emp.ssn | where emp.salary, emp.ssn"),
        ("select dept_id, count(*) from emp group by dept_id having max(salary) > 3", "dept_id = emp.dept_id; count = - | where emp.dept_id, emp.salary"),
        ("select upper(ssn) as a, count(*) from emp group by upper(ssn)", "a ~ emp.ssn; count = - | where emp.ssn"),
        ("select d.name, d.budget, count(*) from dept d join emp e on e.dept_id = d.id group by d.id", "name = dept.name; budget = dept.budget; count = - | where dept.id, emp.dept_id"),
        ("select name, dept_id, grouping(name) as g, sum(salary) as s from emp group by rollup (name, dept_id)", "name = emp.name; dept_id = emp.dept_id; g = -; s ~ emp.salary | where emp.dept_id, emp.name"),
        ("select name || 'x' as a, dept_id from emp group by grouping sets ((name), (dept_id), ())", "a ~ emp.name; dept_id = emp.dept_id | where emp.dept_id, emp.name"),
        ("select count(*) from (select distinct ssn from emp) s", "count = - | where emp.ssn"),
        ("select json_agg(e) as a, jsonb_object_agg(id, ssn) as b from (select id, ssn from emp) e", "a ~ emp.id, emp.ssn; b ~ emp.id, emp.ssn"),

        // Windows.
        ("select row_number() over (order by ssn) as a from emp", "a ~ emp.ssn | where emp.ssn"),
        ("select count(*) over (partition by dept_id) as a, count(ssn) over () as b from emp", "a ~ emp.dept_id; b = - | where emp.dept_id"),
        ("select lag(name, salary) over w as a, sum(salary) filter (where ssn > '') over (w rows 1 preceding) as b from emp window w as (partition by dept_id order by id)",
            "a ~ emp.dept_id, emp.id, emp.name, emp.salary; b ~ emp.dept_id, emp.id, emp.salary, emp.ssn | where emp.dept_id, emp.id"),
        ("select first_value(ssn) over (order by sum(salary)) as a from emp group by ssn", "a ~ emp.salary, emp.ssn | where emp.salary, emp.ssn"),

        // DISTINCT, ORDER BY, LIMIT.
        ("select distinct name from emp", "name = emp.name | where emp.name"),
        ("select distinct on (ssn) name from emp order by ssn, id", "name = emp.name | where emp.id, emp.ssn"),
        ("select name from emp order by ssn limit (select max(id) from note)", "name = emp.name | where emp.ssn, note.id"),
        ("select name from emp order by 1 offset 2", "name = emp.name | where emp.name"),
        ("select id from emp for update", "id = emp.id"),

        // Set operations.
        ("select ssn from emp union all select name from dept", "ssn = dept.name, emp.ssn"),
        ("select ssn from emp union select name from dept", "ssn = dept.name, emp.ssn | where dept.name, emp.ssn"),
        ("select id, ssn from emp union all select emp_id, upper(body) from note", "id = emp.id, note.emp_id; ssn ~ emp.ssn, note.body"),
        ("select name, ssn from emp union all select ssn, name from emp", "name = emp.name, emp.ssn; ssn = emp.name, emp.ssn"),
        ("select ssn from emp except select name from dept", "ssn = emp.ssn | where dept.name, emp.ssn"),
        ("select ssn from emp intersect all select body from note", "ssn = emp.ssn, note.body | where emp.ssn, note.body"),
        ("(select ssn as a from emp union all select null) union all (select 'x' union all select name from dept) order by a", "a = dept.name, emp.ssn | where dept.name, emp.ssn"),
        ("select id from emp union all select budget from dept", "id = dept.budget, emp.id"),
        ("select pin from emp union all select name from dept", "pin = dept.name, emp.pin"),
        ("select x from (select ssn, 1 from emp union all select body, id from note) s (x, y) where y > 1", "x = emp.ssn, note.body | where note.id"),
        ("values (1, 'a'), ((select salary from emp limit 1), 'b')", "column1 = emp.salary; column2 = -"),
        ("select v.b from emp e, lateral (values (e.id, e.ssn), (1, upper(e.name))) v (a, b)", "b ~ emp.name, emp.ssn"),

        // Common table expressions.
        ("with c as (select ssn as a from emp) select a from c", "a = emp.ssn"),
        ("with c (x, y) as materialized (select name, ssn from emp where salary > 1) select y from c", "y = emp.ssn | where emp.salary"),
        ("with c as (select ssn from emp), d as (select upper(ssn) as u from c) select u, c.ssn from d, c", "u ~ emp.ssn; ssn = emp.ssn"),
        ("with c as (select 1 as a) select (with c as (select ssn as a from emp limit 1) select a from c) as b, a from c", "b = emp.ssn; a = -"),
        ("with c as (select ssn from emp) select s.ssn from (select (select ssn from c limit 1) as ssn) s", "ssn = emp.ssn"),
        ("with recursive r as (select id, name::text, 0 as depth from emp where dept_id is null union all select e.id, r.name || '/' || e.name, depth + 1 from emp e join r on e.dept_id = r.id) select * from r",
            "id = emp.id; name ~ emp.name; depth = - | where emp.dept_id, emp.id"),
        ("with recursive r (a, b, c) as (select 'x', 'y', ssn from emp union all select b, c, 'z' from r) select a, b, c from r", "a = emp.ssn; b = emp.ssn; c = emp.ssn"),
        ("with recursive r (a, b) as (select 1, 1 union select b, a + 1 from r where a < 5) select a, b from r", "a = -; b = -"),
        ("with recursive r (a) as (select id from emp union all (with recursive q (b) as (select a from r union all select b + (select max(budget) from dept)::int from q where b < 3) select b from q)) select a from r",
            "a ~ dept.budget, emp.id | where dept.budget, emp.id"),
        ("with recursive r (id, boss) as (select id, dept_id from emp union all select e.id, e.dept_id from emp e, r where e.id = r.boss) search depth first by id set ordering cycle id set looped using trail select * from r",
            "id = emp.id; boss = emp.dept_id; ordering ~ emp.id; looped ~ emp.id; trail ~ emp.id | where emp.dept_id, emp.id"),

        // Functions in FROM.
        ("select g from generate_series(1, 10) g", "g = -"),
        ("select g from emp, generate_series(1, salary) g", "g ~ emp.salary | where emp.salary"),
        ("select t, n from emp, unnest(tags) with ordinality u (t, n)", "t ~ emp.tags; n = - | where emp.tags"),
        ("select a, b from emp, rows from (unnest(tags), generate_series(1, id)) u (a, b)", "a ~ emp.tags; b ~ emp.id | where emp.id, emp.tags"),
        ("select unnest(tags) as a, id from emp", "a ~ emp.tags; id = emp.id | where emp.tags"),
        ("select p.a, p.b, p from emp, pair(salary) p", "a ~ emp.salary; b ~ emp.salary; p ~ emp.salary"),
        ("select k, v from emp, jsonb_each_text(info) j (k, v)", "k ~ emp.info; v ~ emp.info | where emp.info"),
        ("select x.* from emp, jsonb_to_record(info) as x (a int, b text)", "a ~ emp.info; b ~ emp.info"),
        ("select x.v from emp, xmltable('/a/b' passing doc columns v text path '.', n for ordinality) x", "v ~ emp.doc | where emp.doc"),
        ("select query_to_xml('select * from emp', true, true, '') as a, id from dept", "a = ?; id = dept.id"),
        ("select * from ts_stat('select to_tsvector(ssn) from emp') s (w, n, e)", "w = ?; n = ?; e = ? | where ?"),
        ("select word from ts_stat('select to_tsvector(ssn) from emp')", "word = ? | where ?"),
        ("select pid, state, query from pg_stat_activity", "pid = -; state = -; query = ? | where 1260.1, 1262.1"),
        ("select a.x2, a.x6 from pg_stat_get_activity(null) a (x1, x2, x3, x4, x5, x6)", "x2 = -; x6 = ?"),
        ("select name, statement, parameter_types from pg_prepared_statements", "name = ?; statement = ?; parameter_types = -"),
        ("select num_nulls(ssn, name) as a, num_nulls(variadic tags) as b, num_nulls(nullif(ssn, 'x')) as c from emp", "a = -; b ~ emp.tags; c ~ emp.ssn"),
        ("select stavalues1 from pg_statistic", "stavalues1 = 2619.27"),

        // Views, materialised views, partitions, inheritance.
        ("select * from v_emp", "id = emp.id; uname ~ emp.name; ssn = emp.ssn"),
        ("select secret, name from v_dept", "secret = emp.ssn; name = dept.name | where dept.budget, dept.id, emp.id"),
        ("select ssn from m_emp", "ssn = m_emp.ssn"),
        ("select buyer from sale", "buyer = sale.buyer"),
        ("select buyer from sale_eu union all select buyer from sale", "buyer = sale.buyer, sale_eu.buyer"),
        ("select body, boss from worker", "body = worker.body; boss = worker.boss"),

        // Writing.
        ("insert into note values (1, 2, 'x')", "into note.id = - | into note.emp_id = - | into note.body = -"),
        ("insert into note (id, body) select id, ssn from emp where salary > 1 returning id, body || 'x' as b",
            "id = emp.id, note.id; b ~ emp.ssn, note.body | into note.id = emp.id | into note.body = emp.ssn | where emp.salary"),
        ("insert into note (id, body) values (1, (select ssn from emp limit 1)), (2, 'x')", "into note.id = - | into note.body = emp.ssn"),
        ("insert into dept (id, name) select id, ssn from emp on conflict (id) do update set name = excluded.name || dept.name, budget = 1 where dept.budget > excluded.id",
            "into dept.id = emp.id | into dept.name ~ dept.name, emp.ssn | into dept.budget = - | where dept.budget, dept.id, emp.id"),
        ("update note set body = e.ssn from emp e where e.id = note.emp_id returning note.body, e.name", "body = emp.ssn, note.body; name = emp.name | into note.body = emp.ssn | where emp.id, note.emp_id"),
        ("insert into note (body) select ssn from emp returning (select upper(body)) as a, note, (note).body as b", "a ~ emp.ssn, note.body; note ~ emp.ssn, note.body, note.emp_id, note.id; b = emp.ssn, note.body | into note.body = emp.ssn"),
        ("with written as (update note set body = ssn from emp returning body) select body from written", "body = emp.ssn, note.body | into note.body = emp.ssn"),
        ("insert into filled (a) values (1) returning a, b", "a ~ filled.a, filled.b; b ~ filled.a, filled.b | into filled.a = -"),
        ("update fetched set a = 1 returning a", "a = ? | into fetched.a = -"),
        ("update note set (body, emp_id) = (select ssn, salary from emp where emp.id = note.id)", "into note.emp_id = emp.salary | into note.body = emp.ssn | where emp.id, note.id"),
        ("update emp set tags[2] = ssn, home.city = name", "into emp.tags ~ emp.ssn, emp.tags | into emp.home ~ emp.home, emp.name"),
        ("update emp set ssn = default", "into emp.ssn = -"),
        ("delete from note using emp where emp.ssn = note.body returning *", "id = note.id; emp_id = note.emp_id; body = note.body; id = emp.id; name = emp.name; ssn = emp.ssn; salary = emp.salary; "
            + "dept_id = emp.dept_id; tags = emp.tags; info = emp.info; home = emp.home; doc = emp.doc; pin = emp.pin | where emp.ssn, note.body"),
        ("with moved as (delete from note returning body) insert into log (body) select body from moved", "into log.body = note.body"),
        ("with written as (update note set body = 'x' where id = 1 returning body, emp_id) select emp_id from written", "emp_id = note.emp_id | into note.body = - | where note.id"),
        ("insert into v_narrow (id, body) select id, ssn from emp", "into note.id = emp.id | into note.body = emp.ssn | where note.emp_id"),
        ("update v_narrow set body = 'x' returning body", "body = note.body | into note.body = - | where note.emp_id"),
        ("insert into ruled select id, ssn from emp", "into log.id = emp.id | into log.body = emp.ssn | into ruled.id = emp.id | into ruled.body = emp.ssn"),
        ("update ruled set body = 'x'", "rule id = ruled.id; ssn = emp.ssn | into ruled.body = - | where emp.id, ruled.id"),
        ("insert into silent select salary from emp", ""),
    ];

    private static readonly (string Statement, string Lineage)[] Since15 =
    [
        ("merge into dept d using emp e on d.id = e.dept_id when matched and e.salary > 1 then update set name = e.ssn when not matched then insert (id, name) values (e.id, 'x')",
            "into dept.id = emp.id | into dept.name = emp.ssn | where dept.id, emp.dept_id, emp.salary"),
    ];

    private static readonly (string Statement, string Lineage)[] Since16 =
    [
        ("select json_object('a': ssn, 'b': name) as a, json_array(ssn, 1) as b, json_array(select ssn from emp) as c, json_objectagg(id: ssn) as d, json_arrayagg(name order by ssn) as e from emp group by ssn, name",
            "a ~ emp.name, emp.ssn; b ~ emp.ssn; c ~ emp.ssn; d ~ emp.id, emp.ssn; e ~ emp.name, emp.ssn | where emp.name, emp.ssn"),
        ("select any_value(ssn) as a from emp", "a ~ emp.ssn"),
    ];

    private static readonly (string Statement, string Lineage)[] Since17 =
    [
        ("merge into dept d using emp e on d.id = e.dept_id when matched then update set name = e.ssn returning merge_action(), d.name, e.salary",
            "merge_action = -; name = dept.name, emp.ssn; salary = emp.salary | into dept.name = emp.ssn | where dept.id, emp.dept_id"),
        ("select t.a, t.n from emp, json_table(info, '$.x[*]' columns (n for ordinality, a text path '$.a', nested '$.y[*]' columns (b int path '$'))) t", "a ~ emp.info; n ~ emp.info | where emp.info"),
        ("select json_value(info, '$.a' default upper('x') on empty) as a, json_query(info, '$.x' passing ssn as y) as b, json_exists(info, '$.z') as c from emp",
            "a ~ emp.info; b ~ emp.info, emp.ssn; c ~ emp.info"),
        ("select ssn is json as a, json_scalar(salary) as b, json_serialize(info returning text) as c from emp", "a ~ emp.ssn; b ~ emp.salary; c ~ emp.info"),
        ("select ssn as a, count(*) from emp group by ssn, name having name > '' order by upper(name)", "a = emp.ssn; count = - | where emp.name, emp.ssn"),
    ];

    private static readonly (string Statement, string Lineage)[] Since18 =
    [
        ("update note set body = ssn from emp returning old.body as a, new.body as b, body as c, (select old.body || new.emp_id) as d", "a = note.body; b = emp.ssn, note.body; c = emp.ssn, note.body; d ~ note.body, note.emp_id | into note.body = emp.ssn"),
        ("update note set body = 'x' returning old.body as a, new.body as b, old", "a = note.body; b = note.body; old ~ note.body, note.emp_id, note.id | into note.body = -"),
        ("insert into v_narrow (id, body) values (1, 'x') returning new.body || old.id as a", "a ~ note.body, note.id | into note.id = - | into note.body = - | where note.emp_id"),
    ];
}
