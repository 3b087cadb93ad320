using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>A database for COPY: values with everything that its formats escape, masked columns of many types, and a proxy that lets exports pass.</summary>
public sealed class CopiedPeople : IAsyncDisposable
{
    public const string User = "copy_app";
    public const string Password = "copy-password";

    private const string Columns =
        "id int, name text, ssn text, email text, token text, gone text, salary numeric, born date, doc jsonb, raw bytea, tags text[], phone varchar(30), note text";

    private const string Schema =
        $"""
        CREATE ROLE {User} LOGIN PASSWORD '{Password}';
        CREATE SCHEMA shop AUTHORIZATION {User};
        ALTER ROLE {User} SET search_path = shop;
        SET ROLE {User};
        SET search_path = shop;
        CREATE TYPE mood AS ENUM ('happy', 'sad');
        CREATE TABLE people ({Columns}, feels mood);
        INSERT INTO people
        SELECT i, 'name ' || i || E'\t\\,"|\n', 'secretssn-' || i || v, 'secret' || i || '@secretmail.example', 'secrettoken' || v, 'secretgone' || v, 918273.64 + i,
               '1985-12-10', jsonb_build_object('k', 'secretdoc' || v), convert_to('secretraw' || v, 'UTF8'), ARRAY['secrettag' || v, NULL, v], 'secretphone' || v,
               CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN '' ELSE v END, 'sad'
        FROM generate_series(1, 60) i, LATERAL (SELECT (ARRAY[E'\t', E'\n', E'\\', ',', '"', '''', '|', E'\r', E'\b\f\v', '*', E'\\N', 'ü', E'\\.', '', 'x'])[1 + i % 15] AS v) x;
        INSERT INTO people (id) VALUES (100);
        INSERT INTO people (id, ssn, token) VALUES (101, '', ''), (102, E'\\N', E'\\N');
        CREATE TABLE plain (LIKE people);
        INSERT INTO plain (id, name, note, born, tags) SELECT id, name, note, born, ARRAY[name, NULL] FROM people;
        CREATE TABLE loaded (LIKE people);
        CREATE TABLE computed (id int, twice int GENERATED ALWAYS AS (id * 2) STORED, ssn text, dropped int, name text);
        ALTER TABLE computed DROP COLUMN dropped;
        INSERT INTO computed (id, ssn, name) VALUES (1, 'secretssn', 'Ada');
        CREATE VIEW seen AS SELECT id, ssn AS number, upper(email) AS shouted FROM people;
        CREATE TABLE "Odd ""name" (id int, "select" text, "B c" text);
        INSERT INTO "Odd ""name" VALUES (1, 'x', 'secretodd');
        """;

    private const string Rules =
        """
        limits: { catalogTimeout: 60s }
        masking:
          - { name: mail, columns: ["shop.people.email"], with: email }
          - { name: token, columns: ["shop.people.token"], with: token }
          - { name: gone, columns: ["shop.people.gone"], with: "null" }
          - { name: tail, columns: ["shop.people.phone"], with: partial }
          - { name: rest, columns: ["shop.people.ssn", "shop.people.salary", "shop.people.born", "shop.people.doc", "shop.people.raw", "shop.people.tags",
                                    "shop.people.note", "shop.people.feels", "shop.computed.ssn", "shop.*.B c", "shop.large.*"], with: redact }
        """;

    private CopiedPeople(PostgresDatabase database, TestProxy proxy) => (Database, Proxy) = (database, proxy);

    public PostgresDatabase Database { get; }

    public TestProxy Proxy { get; }

    public PsqlTarget Target => new(PostgresServer.Host, Proxy.Port, Database.Name, User, Password, "disable");

    public static async Task<CopiedPeople> StartAsync(PostgresVersion version)
    {
        var database = await (await SharedPostgres.Get(version)).CreateDatabaseAsync(Schema);
        return new CopiedPeople(database, await TestProxy.InFrontOfAsync(database.Server, Rules));
    }

    public Task<WireClient> ThroughProxyAsync() => LogInAsync(Proxy.Port);

    public Task<WireClient> DirectAsync() => LogInAsync(Database.Server.Port);

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Database.DisposeAsync();
        await Database.Server.ExecuteAsync($"DROP ROLE {User}");
    }

    private async Task<WireClient> LogInAsync(int port)
    {
        var client = await WireClient.LogInAsync(port, User, Password, Database.Name);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }
}
