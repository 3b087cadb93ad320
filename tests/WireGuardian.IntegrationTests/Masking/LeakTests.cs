using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Whatever a masked login sends, no byte that it gets back shows a masked value.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class LeakTests(PostgresVersion version)
{
    /// <summary>How a statement is asked for.</summary>
    public enum Asking
    {
        Simple,
        Extended,
        ExtendedBinary,

        /// <summary>Queries come through a binary cursor, all else as it is.</summary>
        SimpleBinary,
    }

    private static IEnumerable<TestCaseData> Attempts() => LeakAttempts.All.Select(attempt => new TestCaseData(attempt).SetArgDisplayNames(attempt.Name));

    [Test]
    public void There_are_enough_attempts_and_each_has_a_name_of_its_own()
    {
        Assert.That(LeakAttempts.All, Has.Count.AtLeast(400));
        Assert.That(LeakAttempts.All.Select(attempt => attempt.Name), Is.Unique);
    }

    /// <summary>On the server itself an attempt shows something, or it would show nothing that it shows nothing here.</summary>
    [TestCaseSource(nameof(Attempts))]
    public async Task What_the_server_shows_does_not_come_through_the_proxy(LeakAttempt attempt)
    {
        if (attempt.Since > version)
            Assert.Ignore("the server does not know the syntax");
        foreach (var asking in Enum.GetValues<Asking>())
        {
            await using var client = await MaskedShop.ThroughProxyAsync(version: version);
            var received = await RunAsync(attempt, client, asking);
            Assert.That(Canaries.FoundIn(received), Is.Empty, () => $"{asking}: {string.Join('\n', received)}");
            Assert.That(received[^1].Type, Is.EqualTo('Z'), () => $"{asking}: {string.Join('\n', received)}");
        }
        if (attempt.Succeeds)
        {
            await using var direct = await MaskedShop.DirectAsync(version: version);
            var shown = await RunAsync(attempt, direct, Asking.Simple);
            Assert.That(Canaries.FoundIn(shown), Is.Not.Empty, () => $"the server itself: {string.Join('\n', shown)}");
        }
    }

    /// <summary>Everything runs in one transaction that is rolled back, so that an attempt leaves nothing for the next.</summary>
    private static async Task<IReadOnlyList<WireFrame>> RunAsync(LeakAttempt attempt, WireClient client, Asking asking)
    {
        var received = new List<WireFrame>();
        if (attempt.InTransaction)
            received.AddRange(await client.QueryAsync("BEGIN"));
        var cursors = 0;
        foreach (var statement in attempt.Statements)
        {
            IReadOnlyList<string> sent = asking == Asking.SimpleBinary && IsQuery(statement)
                ? [$"DECLARE binary_{++cursors} BINARY CURSOR FOR {statement}", $"FETCH ALL FROM binary_{cursors}"]
                : [statement];
            foreach (var one in sent)
            {
                await client.SendAsync(asking is Asking.Extended or Asking.ExtendedBinary ? Extended(one, asking == Asking.ExtendedBinary) : FrontendMessage.Query(one));
                await ReadAnswerAsync(client, received);
            }
        }
        if (attempt.InTransaction)
            received.AddRange(await client.QueryAsync("ROLLBACK"));
        return received;
    }

    private static async Task ReadAnswerAsync(WireClient client, List<WireFrame> received)
    {
        do
        {
            received.Add(await client.ReadFrameAsync());
            if (received[^1].Type == 'G')
                await client.SendAsync(FrontendMessage.CopyFail("not here"), FrontendMessage.Sync);
        }
        while (received[^1].Type != 'Z');
    }

    private static bool IsQuery(string statement) =>
        statement.Split([' ', '('], 2)[0] is "SELECT" or "WITH" or "VALUES" or "TABLE" && !statement.Contains(';', StringComparison.Ordinal);

    private static byte[] Extended(string statement, bool binary) =>
    [
        .. FrontendMessage.Parse("", statement), .. FrontendMessage.Bind("", "", [], [], binary ? [(short)1] : []), .. FrontendMessage.Describe('P', ""),
        .. FrontendMessage.Execute(""), .. FrontendMessage.Sync,
    ];
}
