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
        limits: { catalogTimeout: 60s }
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
        DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO shop_app', current_database()); END $$;
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

    private static readonly Dictionary<PostgresVersion, Lazy<Task<(PostgresDatabase Database, TestProxy Proxy)>>> Shops =
        new[] { PostgresVersion.Version15, PostgresVersion.Version18 }.ToDictionary(version => version, version => new Lazy<Task<(PostgresDatabase, TestProxy)>>(() => OpenAsync(version)));

    /// <summary>Of version 15, as <see cref="Proxy"/>.</summary>
    public static PostgresDatabase Database { get; private set; } = null!;

    public static TestProxy Proxy { get; private set; } = null!;

    public static async Task<WireClient> ThroughProxyAsync(string user = App, PostgresVersion version = PostgresVersion.Version15)
    {
        var (database, proxy) = await Shops[version].Value;
        return await LogInAsync(proxy.Port, database, user);
    }

    public static async Task<WireClient> DirectAsync(string user = App, PostgresVersion version = PostgresVersion.Version15)
    {
        var (database, _) = await Shops[version].Value;
        return await LogInAsync(database.Server.Port, database, user);
    }

    [OneTimeSetUp]
    public async Task Start() => (Database, Proxy) = await Shops[PostgresVersion.Version15].Value;

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var shop in Shops.Values.Where(shop => shop.IsValueCreated))
        {
            var (database, proxy) = await shop.Value;
            await proxy.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private static async Task<(PostgresDatabase Database, TestProxy Proxy)> OpenAsync(PostgresVersion version)
    {
        var database = await (await SharedPostgres.Get(version)).CreateDatabaseAsync(Schema);
        return (database, await TestProxy.InFrontOfAsync(database.Server, Rules));
    }

    private static async Task<WireClient> LogInAsync(int port, PostgresDatabase database, string user)
    {
        var client = await WireClient.LogInAsync(port, user, Password, database.Name);
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }
}
