using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>
/// A database whose masked columns hold values that are found nowhere else (canaries), and a proxy in front of it with rules for all of them. Login
/// <c>shop_app</c> owns the tables and is masked; <c>shop_audit</c> is exempt by group and <c>shop_payroll</c> by name.
/// </summary>
[SetUpFixture]
public sealed class MaskedShop
{
    public const string App = "shop_app";
    public const string Auditor = "shop_audit";
    public const string Payroll = "shop_payroll";
    public const string Password = "shop-password";

    private const string Rules =
        """
        masking:
          - { name: pay, columns: ["public.people.salary"], with: redact, exempt: [shop_payroll] }
          - { name: identity, columns: ["*.*.ssn", "*.*.ssn_*"], with: redact, exempt: [auditors] }
          - { name: never-reached, columns: ["public.people.ssn"], with: "null" }
          - { name: contact, columns: ["public.people.email", "public.people.phone", "public.people.note", "public.people.extra"], with: redact, exempt: [auditors] }
        copies: deny
        groups: { auditors: [shop_audit] }
        """;

    private const string Schema =
        """
        CREATE ROLE shop_app LOGIN PASSWORD 'shop-password';
        CREATE ROLE shop_audit LOGIN PASSWORD 'shop-password' IN ROLE shop_app;
        CREATE ROLE shop_payroll LOGIN PASSWORD 'shop-password' IN ROLE shop_app;
        ALTER SCHEMA public OWNER TO shop_app;
        SET ROLE shop_app;
        CREATE TABLE people (
            id int PRIMARY KEY, name text NOT NULL, email text UNIQUE, ssn text CHECK (ssn <> 'forbidden'), phone varchar(40), salary numeric(12, 2),
            note jsonb, extra xml);
        INSERT INTO people VALUES
            (1, 'Ada', 'canarymailone@quetzal.example', 'canaryssnone-7391', '+420 canaryphoneone', 918273.64,
             '{"k": "canarynoteone"}', '<v>canaryextraone</v>'),
            (2, 'Ben', 'canarymailtwo@quetzal.example', 'canaryssntwo-8264', '+420 canaryphonetwo', 192837.46,
             '{"k": ["canarynotetwo"]}', '<v>canaryextratwo</v>');
        CREATE TABLE orders (id int PRIMARY KEY, person_id int REFERENCES people, item text, total numeric(10, 2));
        INSERT INTO orders VALUES (1, 1, 'keyboard', 89.90), (2, 2, 'desk', 410.00);
        CREATE TABLE archive (id int, ssn_copy text, remark text);
        CREATE VIEW people_view AS SELECT id, name, ssn, email AS contact FROM people;
        CREATE VIEW nested_view AS SELECT id, ssn AS number FROM people_view;
        CREATE VIEW expression_view AS SELECT id, name, 'x' || ssn AS tagged, upper(email) AS shouted FROM people;
        CREATE MATERIALIZED VIEW people_kept AS SELECT id, name, ssn, lower(email) AS contact FROM people;
        CREATE TABLE visits (id int, ssn text, day date) PARTITION BY RANGE (day);
        CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        INSERT INTO visits VALUES (1, 'canaryssnvisit-5512', '2025-06-01');
        CREATE TABLE base (id int, ssn text);
        CREATE TABLE derived (more text) INHERITS (base);
        INSERT INTO derived VALUES (1, 'canaryssnderived-6613', 'plain');
        CREATE FUNCTION ssn_of(int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM people WHERE id = $1';
        CREATE FUNCTION ssn_atomic(i int) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT ssn FROM people WHERE id = i; END;
        CREATE FUNCTION ssn_plpgsql(int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT ssn FROM people WHERE id = $1); END $$;
        CREATE FUNCTION ssn_dynamic(int) RETURNS text LANGUAGE plpgsql AS
            $$ DECLARE r text; BEGIN EXECUTE 'SELECT s' || 'sn FROM peo' || 'ple WHERE id = $1' INTO r USING $1; RETURN r; END $$;
        CREATE FUNCTION ssn_immutable(int) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT ssn FROM people WHERE id = $1); END $$;
        CREATE FUNCTION ssn_nested(int) RETURNS text LANGUAGE sql AS 'SELECT ssn_plpgsql($1)';
        CREATE FUNCTION people_rows() RETURNS SETOF people LANGUAGE sql AS 'SELECT * FROM people';
        CREATE FUNCTION people_table() RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT id, ssn FROM people';
        CREATE FUNCTION ssn_raise() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it is %', (SELECT ssn FROM people WHERE id = 1); END $$;
        CREATE PROCEDURE ssn_procedure(INOUT result text) LANGUAGE plpgsql AS $$ BEGIN SELECT ssn INTO result FROM people WHERE id = 1; END $$;
        CREATE AGGREGATE collect_text (text) (sfunc = textcat, stype = text, initcond = '');
        RESET ROLE;
        GRANT pg_read_all_stats TO shop_app;
        ANALYZE;
        """;

    public static PostgresDatabase Database { get; private set; } = null!;

    public static TestProxy Proxy { get; private set; } = null!;

    public static Task<WireClient> ThroughProxyAsync(string user = App) => WireClient.LogInAsync(Proxy.Port, user, Password, Database.Name);

    public static Task<WireClient> DirectAsync(string user = App) => WireClient.LogInAsync(Database.Server.Port, user, Password, Database.Name);

    [OneTimeSetUp]
    public async Task Start()
    {
        Database = await (await SharedPostgres.Version15).CreateDatabaseAsync(Schema);
        Proxy = await TestProxy.InFrontOfAsync(Database.Server, Rules);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
    }
}
