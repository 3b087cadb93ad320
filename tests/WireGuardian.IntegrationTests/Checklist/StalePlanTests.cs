using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>DDL of any session makes plans stale, whether it comes through the proxy or around it.</summary>
public sealed class StalePlanTests
{
    private const string View = "create view v as select id, v as what from plain";

    /// <summary>What others change, and what shows the masked column then.</summary>
    private static readonly (string Ddl, string Select)[] Changes =
    [
        ("create or replace view v as select id, ssn as what from people", "select what from v"),
        ("create or replace view v as select id, upper(ssn) as what from people", "select what from v"),
        ("alter table people rename to folk", "select ssn from folk"),
        ("alter table people rename column ssn to harmless", "select harmless from people"),
        ("alter table plain rename to other; alter table people rename to plain; alter table other rename to people", "select ssn from plain"),
        ("create schema s; alter table people set schema s", "select ssn from s.people"),
    ];

    [Test]
    public async Task Through_the_proxy_it_is_known_at_once([Range(0, 5)] int change)
    {
        var (ddl, select) = Changes[change];
        await using var database = await ChecklistProxy.OpenAsync(View);
        await using var reader = await database.ConnectAsync();
        await reader.TalkAsync(Parse("before", "select what from v"), Bind("", "before"), Execute(""), Sync);
        await using var changer = await database.ConnectAsync();
        await changer.SendAsync(Query(ddl));
        await database.DecideAsync("approve", (await changer.ReadUntilAsync('N'))[^1]);
        await changer.ReadReadyAsync();

        (await reader.QueryAsync(select)).AssertNothingSecret();
        (await reader.TalkAsync(Bind("", "before"), Execute(""), Sync)).AssertNothingSecret();
        (await reader.TalkAsync(Parse("", select), Bind("", ""), Execute(""), Sync)).AssertNothingSecret();
    }

    /// <summary>A rename is of no matter; a view that reads another column shows within the interval at which the catalog is looked at.</summary>
    [Test]
    public async Task Around_the_proxy_it_is_noticed([Range(0, 5)] int change)
    {
        var (ddl, select) = Changes[change];
        await using var database = await ChecklistProxy.OpenAsync(View);
        await using var reader = await database.ConnectAsync();
        await reader.TalkAsync(Parse("before", "select what from v"), Bind("", "before"), Execute(""), Sync);
        await database.Database.ExecuteAsync(ddl);
        // On a busy machine the catalog takes long to be looked at, and so is looked at less often.
        for (var second = 0; second < 45 && Shows(await reader.QueryAsync(select)); second++)
            await Task.Delay(TimeSpan.FromSeconds(1));

        (await reader.QueryAsync(select)).AssertNothingSecret();
        (await reader.TalkAsync(Bind("", "before"), Execute(""), Sync)).AssertNothingSecret();
        (await reader.TalkAsync(Parse("", select), Bind("", ""), Execute(""), Sync)).AssertNothingSecret();
    }

    [Test]
    public async Task In_the_same_transaction_before_it_is_committed()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("begin");
        await client.SendAsync(Query("alter table people rename to folk"));
        await database.DecideAsync("approve", (await client.ReadUntilAsync('N'))[^1]);
        await client.ReadReadyAsync();
        (await client.QueryAsync("select ssn from folk")).AssertNothingSecret();
        (await client.QueryAsync("select upper(ssn) from folk")).AssertNothingSecret();
    }

    private static bool Shows(IEnumerable<WireFrame> frames) =>
        frames.Any(frame => System.Text.Encoding.UTF8.GetString(frame.Body).Contains(ChecklistDatabase.Secret, StringComparison.Ordinal));
}
