using System.Text;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>
/// The real proxy before a real server: <c>people.ssn</c> is masked, DDL is held, DELETE is denied, maintenance is held and expires in a second. One for all
/// tests of the checklist; each has a database of its own.
/// </summary>
internal sealed class ChecklistProxy
{
    public const string OperatorToken = "operator-token-of-the-checklist";

    private static readonly Lazy<Task<ChecklistProxy>> Shared = new(StartAsync);

    private readonly PostgresServer _server;

    private ChecklistProxy(PostgresServer server, TestProxy proxy) => (_server, Proxy) = (server, proxy);

    public TestProxy Proxy { get; }

    public static string Rules =>
        $$"""
        masking:
          - { name: contact, columns: ["public.people.ssn", "public.people.note"], with: redact }
        copies: hold
        approvals:
          - { name: schema, kinds: [ddl, privilege], action: hold, timeout: 10m }
          - { name: upkeep, kinds: [maintenance], action: hold, timeout: 1s }
          - { name: no-delete, kinds: [delete], action: deny }
        limits: { catalogTimeout: 2m, connectTimeout: 1m, loginTimeout: 2m }
        operators:
          - { name: dana, token: {{OperatorToken}} }
        """;

    public static async Task<ChecklistDatabase> OpenAsync(string? sql = null)
    {
        var proxy = await Shared.Value;
        return new ChecklistDatabase(proxy, await proxy._server.CreateDatabaseAsync(ChecklistDatabase.People + sql));
    }

    private static async Task<ChecklistProxy> StartAsync()
    {
        var server = await SharedPostgres.Version15;
        var proxy = await TestProxy.InFrontOfAsync(server, Rules);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => proxy.Process.Send(Signal.Kill);
        return new ChecklistProxy(server, proxy);
    }
}

/// <summary>A database behind the checklist's proxy.</summary>
internal sealed class ChecklistDatabase(ChecklistProxy proxy, PostgresDatabase database) : IAsyncDisposable
{
    public const string Secret = "123-45-6789";

    public const string People =
        """
        create table people (id int primary key, name text, ssn text, note text);
        insert into people values (1, 'ann', '123-45-6789', 'a'), (2, 'bob', '123-45-6789', 'b'), (3, 'cid', '123-45-6789', 'c');
        create table plain (id int primary key, v text);
        insert into plain select n, 'v' || n from generate_series(1, 10) n;

        """;

    public PostgresDatabase Database => database;

    public TestProxy Proxy => proxy.Proxy;

    public Task<WireClient> ConnectAsync(params (string Name, string Value)[] parameters) => LogInAsync(Proxy.Port, parameters);

    /// <summary>Around the proxy.</summary>
    public Task<WireClient> ConnectDirectlyAsync() => LogInAsync(database.Server.Port);

    public async Task<bool> ExistsAsync(string relation) => await database.ScalarAsync($"select to_regclass('{relation}')::text") is not null;

    /// <summary>Approves the request that a NoticeResponse told of.</summary>
    public async Task DecideAsync(string verb, WireFrame notice)
    {
        var id = System.Text.RegularExpressions.Regex.Match(notice.Message!, "request (\\S+)$").Groups[1].Value;
        var result = await Proxy.WgctlAsync(ChecklistProxy.OperatorToken, verb, id, "--reason", "checked");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<WireClient> LogInAsync(int port, params (string Name, string Value)[] parameters)
    {
        var client = await WireClient.LogInAsync(port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, database.Name, parameters);
        client.Timeout = TimeSpan.FromSeconds(60);
        return client;
    }
}

/// <summary>What tests say of frames.</summary>
internal static class Frames
{
    /// <summary>The type bytes in order, notices of the proxy left out.</summary>
    public static string Types(this IEnumerable<WireFrame> frames) => string.Concat(frames.Select(frame => frame.Type));

    /// <summary>Reads until this many ReadyForQuery have come.</summary>
    public static async Task<List<WireFrame>> ReadReadyAsync(this WireClient client, int count = 1)
    {
        var frames = new List<WireFrame>();
        for (; count > 0; count--)
            frames.AddRange(await client.ReadUntilAsync('Z'));
        return frames;
    }

    public static async Task<List<WireFrame>> TalkAsync(this WireClient client, params byte[][] messages)
    {
        await client.SendAsync(messages);
        return await client.ReadReadyAsync();
    }

    public static void AssertNothingSecret(this IEnumerable<WireFrame> frames, string secret = ChecklistDatabase.Secret)
    {
        foreach (var frame in frames)
            Assert.That(Encoding.UTF8.GetString(frame.Body), Does.Not.Contain(secret), frame.ToString());
    }

    public static WireFrame Error(this IEnumerable<WireFrame> frames) => frames.Single(frame => frame.Type == 'E');
}
