using System.Text;
using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Bindings;

/// <summary>A database whose owner may change everything in it, and a proxy in front of it with rules for a few tables that others have to do with.</summary>
internal sealed class BindingShop(PostgresDatabase database, TestProxy proxy) : IAsyncDisposable
{
    public const string App = "binding_app";
    public const string Token = "binding-operator-token";
    private const string Password = "binding-password";

    private const string Schema =
        """
        GRANT CREATE ON DATABASE {0} TO binding_app;
        ALTER SCHEMA public OWNER TO binding_app;
        SET ROLE binding_app;
        CREATE TABLE pt (id int, ssn text, note text) PARTITION BY RANGE (id);
        CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (100);
        CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id);
        CREATE TABLE leaf PARTITION OF pt2 FOR VALUES FROM (100) TO (150);
        INSERT INTO pt VALUES (1, 'ZK7391-4825', 'one'), (101, 'ZK8264-9173', 'two');
        CREATE TABLE loose (note text, id int, ssn text);
        INSERT INTO loose VALUES ('loose', 301, 'ZK5512-6634');
        CREATE TABLE parent (id int, ssn text);
        CREATE TABLE kid (more text) INHERITS (parent);
        INSERT INTO kid VALUES (1, 'ZK7391-4825', 'kid');
        CREATE TABLE people (id int, ssn text, up text GENERATED ALWAYS AS (lower(ssn)) STORED);
        INSERT INTO people VALUES (1, 'ZK7391-4825');
        CREATE FUNCTION look() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people LIMIT 1';
        CREATE MATERIALIZED VIEW m AS SELECT look() AS x, 'clear' AS y;
        RESET ROLE;
        """;

    private static readonly PlantedValues Planted = new(["ZK7391-4825", "ZK8264-9173", "ZK5512-6634"], [], "ZK");

    public TestProxy Proxy => proxy;

    public PostgresDatabase Database => database;

    public static async Task<BindingShop> OpenAsync(PostgresVersion version, string copies = "hold")
    {
        var server = await SharedPostgres.Get(version);
        await server.ExecuteAsync(
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'binding_app') THEN
                CREATE ROLE binding_app LOGIN PASSWORD 'binding-password';
              END IF;
            END $$
            """);
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Schema.Replace("{0}", database.Name, StringComparison.Ordinal));
        var proxy = await TestProxy.InFrontOfAsync(
            server,
            $$"""
            limits: { catalogTimeout: 60s }
            masking:
              - { name: identity, columns: ["public.pt.ssn", "public.parent.ssn", "public.people.ssn"], with: partial }
            copies: {{copies}}
            operators:
              - { name: dana, token: binding-operator-token }
            """);
        return new BindingShop(database, proxy);
    }

    public async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.LogInAsync(proxy.Port, App, Password, database.Name);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }

    /// <summary>Runs a text over the simple protocol and gives rows and SQLSTATEs; "held" where it waits for an operator: then the session is of no use any more.</summary>
    public static async Task<string> RunAsync(WireClient client, string sql)
    {
        await client.SendAsync(FrontendMessage.Query(sql));
        var said = new StringBuilder();
        while (true)
        {
            var frame = await client.ReadFrameAsync();
            Assert.That(Planted.FoundIn(frame.Bytes), Is.Empty, () => $"a masked value left in {frame.Type} {Encoding.UTF8.GetString(frame.Body)}");
            switch (frame.Type)
            {
                case 'N' when frame.Message?.Contains("is held by rule", StringComparison.Ordinal) == true:
                    return "held";
                case 'D':
                    said.Append(said.Length > 0 ? ";" : "").AppendJoin('|', frame.Texts.Select(text => text ?? "NULL"));
                    break;
                case 'd':
                    said.Append(Encoding.UTF8.GetString(frame.Body).TrimEnd('\n').Replace('\t', '|'));
                    break;
                case 'E':
                    said.Append(frame.SqlState);
                    break;
                case 'Z':
                    return said.ToString();
            }
        }
    }

    public async Task<string> RunAsync(string sql)
    {
        await using var client = await ConnectAsync();
        return await RunAsync(client, sql);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }
}
