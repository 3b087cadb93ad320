using System.Text;
using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Attacks;

/// <summary>A server with masked values that can be recognised in any byte that leaves, and a proxy in front of it that lets everything but copies and deletions pass.</summary>
public sealed class AttackedDatabase : IAsyncDisposable
{
    private const string User = "mallory";
    private const string Password = "mallory-password";

    private static readonly PlantedValues Canary = new(["123-45-6789"], [], "");

    private readonly PostgresServer _server;
    private readonly TestProxy _proxy;

    private AttackedDatabase(PostgresServer server, TestProxy proxy) => (_server, _proxy) = (server, proxy);

    public static async Task<AttackedDatabase> StartAsync()
    {
        var server = await PostgresServer.StartAsync(PostgresVersion.Version15);
        await server.ExecuteAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'");
        await server.ExecuteAsync($"CREATE DATABASE {User} OWNER {User}");
        (await server.PsqlAsync(
            """
            CREATE SCHEMA shop;
            CREATE TABLE shop.people (id int PRIMARY KEY, name text, ssn text);
            INSERT INTO shop.people VALUES (1, 'Ada', '123-45-6789');
            CREATE TABLE shop.notes (id serial, note text);
            CREATE FUNCTION shop.keep(value text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO shop.notes (note) VALUES (value); RETURN ''; END $$;
            CREATE FUNCTION shop.backslash() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;
            CREATE FUNCTION shop.reopen(r refcursor) RETURNS refcursor LANGUAGE plpgsql AS $$ BEGIN OPEN r FOR SELECT ssn || '' FROM shop.people; RETURN r; END $$;
            CREATE FUNCTION shop.prepare_anew() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DEALLOCATE p; PREPARE p AS SELECT ssn || '' FROM shop.people; END $$;
            CREATE FUNCTION shop.purge() RETURNS void LANGUAGE sql AS 'DELETE FROM shop.notes';
            CREATE VIEW shop.purging AS SELECT 1 AS one FROM shop.purge();
            CREATE FUNCTION shop.noted(value text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO shop.notes (note) VALUES (value); RETURN true; END $$;
            CREATE DOMAIN shop.noted_text AS text CHECK (shop.noted(VALUE));
            CREATE FUNCTION shop.keep_first(a text, b text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO shop.notes (note) VALUES (a); RETURN ''; END $$;
            CREATE OPERATOR shop.### (LEFTARG = text, RIGHTARG = text, FUNCTION = shop.keep_first);
            CREATE VIEW shop.keeping AS SELECT shop.keep(ssn) FROM shop.people;
            CREATE FUNCTION shop.secret() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT ssn FROM shop.people WHERE id = 1); END $$;
            CREATE DOMAIN shop.secret_text AS text DEFAULT shop.secret();
            CREATE DOMAIN shop.plain_text AS text;
            CREATE TABLE shop.log (id int, secret shop.secret_text);
            CREATE TABLE shop.guarded (id int, pin text CHECK (shop.keep(pin) = ''));
            """,
            User,
            User,
            Password)).EnsureSuccess();
        var proxy = await TestProxy.InFrontOfAsync(
            server,
            """
            masking:
              - { name: identity, columns: ["shop.people.ssn", "shop.guarded.pin"], with: redact }
            copies: deny
            approvals:
              - { name: deletions, kinds: [delete], action: deny }
            """);
        return new AttackedDatabase(server, proxy);
    }

    /// <summary>Logs in through the proxy as somebody who may do anything in the database.</summary>
    public Task<WireClient> LogInAsync(params (string Name, string Value)[] parameters) => WireClient.LogInAsync(_proxy.Port, User, Password, User, parameters);

    /// <summary>Asks the server itself.</summary>
    public Task<object?> AskServerAsync(string sql) => _server.ScalarAsync(sql, User);

    public static void AssertNoLeak(IReadOnlyList<WireFrame> frames)
    {
        foreach (var frame in frames)
            Assert.That(Canary.FoundIn(frame.Bytes), Is.Empty, () => $"a masked value left in {frame.Type} {Encoding.ASCII.GetString(frame.Body)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
