using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Whatever a masked login sends, no byte that it gets back shows a masked value.</summary>
[TestFixture]
public sealed class LeakTests
{
    private static IEnumerable<TestCaseData> Attempts() => LeakAttempts.All.Select(attempt => new TestCaseData(attempt).SetArgDisplayNames(attempt.Name));

    [TestCaseSource(nameof(Attempts))]
    public async Task No_canary_comes_out_of_simple_queries(LeakAttempt attempt)
    {
        await using var client = await MaskedShop.ThroughProxyAsync();
        await AssertNoCanaryAsync(attempt, client, extended: false);
    }

    [TestCaseSource(nameof(Attempts))]
    public async Task No_canary_comes_out_of_extended_queries(LeakAttempt attempt)
    {
        await using var client = await MaskedShop.ThroughProxyAsync();
        await AssertNoCanaryAsync(attempt, client, extended: true);
    }

    /// <summary>Else the tests above would show nothing: without the proxy these attempts succeed.</summary>
    [TestCaseSource(nameof(Attempts))]
    public async Task The_server_itself_would_show_it(LeakAttempt attempt)
    {
        if (!attempt.Succeeds)
            Assert.Ignore("the server does not show it either; the attempt stays for what the proxy does with it");
        await using var client = await MaskedShop.DirectAsync();
        var received = await RunAsync(attempt, client, extended: false);
        Assert.That(Canaries.FoundIn(Bytes(received)), Is.Not.Empty, () => string.Join('\n', received));
    }

    private static async Task AssertNoCanaryAsync(LeakAttempt attempt, WireClient client, bool extended)
    {
        var received = await RunAsync(attempt, client, extended);
        Assert.That(Canaries.FoundIn(Bytes(received)), Is.Empty, () => string.Join('\n', received));
        Assert.That(received[^1].Type, Is.EqualTo('Z'));
    }

    /// <summary>Everything runs in one transaction that is rolled back, so that an attempt leaves nothing for the next.</summary>
    private static async Task<IReadOnlyList<WireFrame>> RunAsync(LeakAttempt attempt, WireClient client, bool extended)
    {
        client.Timeout = TimeSpan.FromSeconds(30);
        var received = new List<WireFrame>();
        if (attempt.InTransaction)
            received.AddRange(await client.QueryAsync("BEGIN"));
        foreach (var statement in attempt.Statements)
        {
            await client.SendAsync(extended ? Extended(statement) : FrontendMessage.Query(statement));
            do
            {
                received.Add(await client.ReadFrameAsync());
                if (received[^1].Type == 'G')
                    await client.SendAsync(FrontendMessage.CopyFail("not here"), FrontendMessage.Sync);
            }
            while (received[^1].Type != 'Z');
        }
        if (attempt.InTransaction)
            received.AddRange(await client.QueryAsync("ROLLBACK"));
        return received;
    }

    private static byte[] Extended(string statement) =>
    [
        .. FrontendMessage.Parse("", statement), .. FrontendMessage.Bind("", "", [], [], []), .. FrontendMessage.Describe('P', ""),
        .. FrontendMessage.Execute(""), .. FrontendMessage.Sync,
    ];

    private static byte[] Bytes(IEnumerable<WireFrame> frames) => [.. frames.SelectMany(frame => frame.Bytes)];
}
