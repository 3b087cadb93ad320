using System.Text;
using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Labels;

/// <summary>A database with masked columns whose values are found nowhere else, and a proxy in front of it with <c>copies: label</c>.</summary>
internal sealed class LabelShop(PostgresDatabase database, TestProxy proxy) : IAsyncDisposable
{
    public const string App = "label_app";
    public const string Auditor = "label_audit";
    public const string Token = "label-operator-token";
    private const string Password = "label-password";

    private const string Schema =
        """
        GRANT CREATE ON DATABASE {0} TO label_app;
        ALTER SCHEMA public OWNER TO label_app;
        SET ROLE label_app;
        CREATE TABLE people (id int PRIMARY KEY, name text, email text, ssn text, spare text);
        INSERT INTO people VALUES (1, 'Ada', 'wombatone@quokka.example', 'ZK7391-4825', NULL), (2, 'Ben', 'wombattwo@quokka.example', 'ZK8264-9173', NULL);
        CREATE TABLE archive (id int PRIMARY KEY, remark text, other text, third text DEFAULT 'nothing');
        INSERT INTO archive VALUES (1, 'harmless one', 'harmless', 'third'), (2, 'harmless two', 'harmless', 'third');
        CREATE TABLE parts (id int, word text) PARTITION BY RANGE (id);
        CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
        CREATE TABLE watched (id int, remark text);
        CREATE TABLE copies_of_watched (remark text);
        CREATE FUNCTION keep_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO copies_of_watched VALUES (NEW.remark); RETURN NEW; END $$;
        CREATE TRIGGER keeping AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION keep_row();
        RESET ROLE;
        GRANT ALL ON ALL TABLES IN SCHEMA public TO label_audit;
        GRANT ALL ON SCHEMA public TO label_audit;
        """;

    /// <summary>The words of the tests are harmless; the values are not among them.</summary>
    private static readonly PlantedValues Planted = new(["wombatone@quokka.example", "wombattwo@quokka.example", "ZK7391-4825", "ZK8264-9173"], [], ".example");

    public TestProxy Proxy => proxy;

    public PostgresDatabase Database => database;

    public static async Task<LabelShop> OpenAsync(PostgresVersion version)
    {
        var server = await SharedPostgres.Get(version);
        await server.ExecuteAsync(
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'label_app') THEN
                CREATE ROLE label_app LOGIN PASSWORD 'label-password';
                CREATE ROLE label_audit LOGIN PASSWORD 'label-password' IN ROLE label_app;
              END IF;
            END $$
            """);
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Schema.Replace("{0}", database.Name, StringComparison.Ordinal));
        var proxy = await TestProxy.InFrontOfAsync(
            server,
            """
            limits: { catalogTimeout: 60s }
            masking:
              - { name: identity, columns: ["public.people.ssn"], with: partial, exempt: [auditors] }
              - { name: contact, columns: ["public.people.email"], with: email, exempt: [auditors] }
            copies: label
            groups: { auditors: [label_audit] }
            operators:
              - { name: dana, token: label-operator-token }
            """);
        return new LabelShop(database, proxy);
    }

    public async Task<WireClient> ConnectAsync(string user = App)
    {
        var client = await WireClient.LogInAsync(proxy.Port, user, Password, database.Name);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }

    /// <summary>Runs a text over the simple protocol. "held" where it waits for an operator: then the session is of no use any more.</summary>
    public static async Task<string> RunAsync(WireClient client, string sql)
    {
        await client.SendAsync(FrontendMessage.Query(sql));
        var said = new StringBuilder();
        while (true)
        {
            var frame = await client.ReadFrameAsync();
            AssertShowsNothing(frame);
            switch (frame.Type)
            {
                case 'N' when frame.Message?.Contains("is held by rule", StringComparison.Ordinal) == true:
                    return "held";
                case 'D':
                    said.Append(said.Length > 0 ? ";" : "").AppendJoin('|', frame.Texts.Select(text => text ?? "NULL"));
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

    /// <summary>What somebody whom every rule exempts sees.</summary>
    public async Task<string> RunAsAuditorAsync(string sql)
    {
        await using var client = await ConnectAsync(Auditor);
        return string.Join(';', (await client.QueryAsync(sql)).Where(frame => frame.Type is 'D' or 'E')
            .Select(frame => frame.Type == 'E' ? frame.SqlState : string.Join('|', frame.Texts.Select(text => text ?? "NULL"))));
    }

    public static void AssertShowsNothing(WireFrame frame) =>
        Assert.That(Planted.FoundIn(frame.Bytes), Is.Empty, () => $"a masked value left in {frame.Type} {Encoding.UTF8.GetString(frame.Body)}");

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }
}
