using System.Buffers.Binary;
using System.Text;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;
using Built = WireGuardian.Testing.Programs.Program;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary>A database with masked columns, and a proxy in front of it whose catalog login has no right on any table.</summary>
internal sealed class LineageShop(PostgresDatabase database, TestProxy proxy) : IAsyncDisposable
{
    private const string Password = "lineage-password";

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        masking:
          - { name: identity, columns: ["*.*.ssn"], with: partial, predicates: {0} }
          - { name: contact, columns: ["*.people.email"], with: email }
          - { name: pay, columns: ["public.people.salary"], with: redact }
          - { name: named-in-view, columns: ["public.directory.label"], with: redact }
        copies: deny
        """;

    private const string Schema =
        """
        GRANT CREATE ON DATABASE {0} TO lineage_app;
        ALTER SCHEMA public OWNER TO lineage_app;
        SET ROLE lineage_app;
        CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, email text, ssn text, salary numeric(12, 2));
        INSERT INTO people VALUES
            (1, 'Ada', 'ada@example.org', '111-22-3333', 1000), (2, 'Ben', 'ben@example.org', '444-55-6666', 2000), (3, 'Cid', NULL, '111-22-3333', 3000);
        CREATE TABLE staff (id int PRIMARY KEY, name text, ssn text);
        INSERT INTO staff VALUES (1, 'Dan', '777-88-9999');
        CREATE TABLE plain (id int PRIMARY KEY, name text, ssn_free text);
        INSERT INTO plain VALUES (1, 'Eve', 'nothing');
        CREATE TABLE orders (id int PRIMARY KEY, person int REFERENCES people, item text, total numeric(10, 2));
        INSERT INTO orders VALUES (1, 1, 'keyboard', 90), (2, 1, 'desk', 400), (3, 2, 'lamp', 20);
        CREATE TABLE cards (id int PRIMARY KEY, ssn text, tail text GENERATED ALWAYS AS (right(ssn, 4)) STORED, twofold int GENERATED ALWAYS AS (id * 2) STORED);
        INSERT INTO cards VALUES (1, '333-44-5555');
        CREATE VIEW tails AS SELECT tail, twofold FROM cards;
        CREATE VIEW tall AS SELECT id, upper(name) AS shout, upper(ssn) AS hidden, ssn AS number FROM people;
        CREATE VIEW totals AS SELECT p.name, count(*) AS orders, sum(o.total) AS spent FROM people p JOIN orders o ON o.person = p.id GROUP BY p.id;
        CREATE VIEW directory AS SELECT p.id, p.name || '!' AS label, p.ssn FROM people p;
        CREATE FUNCTION twice(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $1';
        CREATE FUNCTION ssn_of(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM people WHERE id = $1';
        CREATE FUNCTION hidden_in(person int, fallback text DEFAULT 'none') RETURNS text LANGUAGE sql STABLE AS 'SELECT coalesce(people.ssn, fallback) FROM people WHERE people.id = person';
        CREATE FUNCTION fixed_ssn() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ssn FROM public.people WHERE id = 1';
        CREATE FUNCTION orders_of(person int) RETURNS bigint LANGUAGE sql STABLE
            RETURN (SELECT count(*) FROM orders JOIN people ON people.id = orders.person WHERE people.id = orders_of.person);
        CREATE FUNCTION listed(fragment text) RETURNS TABLE (number int, label text, secret text) LANGUAGE sql STABLE
            AS $$ SELECT id, lower(listed.fragment) || name, ssn FROM people WHERE name LIKE fragment || '%' $$;
        CREATE FUNCTION by_ssn(text) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM people WHERE ssn = $1';
        CREATE FUNCTION nested(i int) RETURNS text LANGUAGE sql STABLE RETURN (SELECT orders_of(i)::text || hidden_in(i));
        CREATE FUNCTION tier(int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT name FROM people WHERE id = $1' INTO t USING $1; RETURN t; END $$;
        CREATE FUNCTION shouted(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT upper($1)' INTO t USING $1; RETURN t; END $$;
        CREATE FUNCTION looked_up(int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT ssn FROM people WHERE id = $1' INTO t USING $1; RETURN t; END $$;
        CREATE FUNCTION listless(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
        CREATE AGGREGATE longest (text) (sfunc = text_larger, stype = text);
        CREATE SCHEMA other;
        CREATE TABLE public.notes (id int, ssn text);
        CREATE TABLE other.notes (id int, ssn text, body text);
        INSERT INTO public.notes VALUES (1, '121-21-2121');
        INSERT INTO other.notes VALUES (2, '232-32-3232', 'free');
        CREATE TABLE public.trade (id int, ssn text, tail text GENERATED ALWAYS AS (right(ssn, 7)) STORED);
        INSERT INTO public.trade VALUES (1, '111-22-3333');
        CREATE TABLE other.trade AS SELECT 1 AS id, 'open'::text AS tail;
        CREATE SCHEMA third;
        CREATE TABLE third.notes AS SELECT id, ssn FROM public.notes WHERE false;
        CREATE TABLE public.marks AS SELECT 1 AS id, 'free'::text AS body;
        CREATE TABLE other.marks AS SELECT 1 AS id, 'open'::text AS body;
        CREATE TABLE other.sealed AS SELECT 1 AS id, 'a'::text AS ssn;
        CREATE TABLE public.sealed AS SELECT 1 AS id, 'b'::text AS body;
        RESET ROLE;
        GRANT USAGE ON SCHEMA public, other, third TO lineage_catalog;
        """;

    public TestProxy Proxy => proxy;

    public PostgresDatabase Database => database;

    public static async Task<LineageShop> OpenAsync(PostgresVersion version, string predicates = "allow", string rules = "")
    {
        var server = await SharedPostgres.Get(version);
        await server.ExecuteAsync(
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lineage_app') THEN
                CREATE ROLE lineage_app LOGIN PASSWORD 'lineage-password';
                CREATE ROLE lineage_catalog LOGIN PASSWORD 'lineage-password';
                ALTER ROLE lineage_catalog SET log_min_messages = 'panic';
              END IF;
            END $$
            """);
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Schema.Replace("{0}", database.Name, StringComparison.Ordinal));
        var proxy = await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: postgres
                listen: "{{listen}}"
                upstream: "{{{server.Endpoint}}}"
                catalog: { username: lineage_catalog, password: {{{Password}}} }
            {{{Rules.Replace("{0}", predicates, StringComparison.Ordinal)}}}
            {{{rules}}}
            """);
        return new LineageShop(database, proxy);
    }

    public Task<WireClient> ConnectAsync() => LogInAsync(proxy.Port);

    public Task<WireClient> ConnectDirectlyAsync() => LogInAsync(database.Server.Port);

    /// <summary>What <c>wireguardian explain</c> writes, its lines put together, and its exit code.</summary>
    public async Task<(string Output, int ExitCode)> ExplainAsync(string sql, string output)
    {
        var result = await ProcessRunner.RunAsync(
            Built.Dotnet,
            [
                Built.Wireguardian.Assembly, "explain", "--config", proxy.ConfigurationPath, "--listener", "app", "--user", "lineage_app", "--database", database.Name, "--output", output, sql,
            ]);
        return (output == "text" ? string.Join(' ', result.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) : result.Output, result.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>The rows among these messages: values with | between them, rows with ; and errors as their SQLSTATE.</summary>
    public static string Rows(IEnumerable<WireFrame> frames) =>
        string.Join(';', frames.Where(frame => frame.Type is 'D' or 'E').Select(frame => frame.Type == 'E' ? frame.Fields['C'] : Row(frame.Body)));

    private static string Row(ReadOnlySpan<byte> body)
    {
        var values = new string[BinaryPrimitives.ReadInt16BigEndian(body)];
        body = body[sizeof(short)..];
        for (var index = 0; index < values.Length; index++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body);
            body = body[sizeof(int)..];
            values[index] = length < 0 ? "NULL" : Encoding.UTF8.GetString(body[..length]);
            body = body[Math.Max(length, 0)..];
        }
        return string.Join('|', values);
    }

    private async Task<WireClient> LogInAsync(int port)
    {
        var client = await WireClient.LogInAsync(port, "lineage_app", Password, database.Name);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }
}
