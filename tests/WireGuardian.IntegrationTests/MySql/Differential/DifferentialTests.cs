using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Programs;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>With no rules the proxy is invisible: what a client gets through it is what the server would have sent, byte for byte.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class DifferentialTests(MySqlFlavour flavour)
{
    private static readonly IReadOnlyList<Exchange> Corpus = ExchangeFile.ReadAll();

    private ExchangeDatabase _database = null!;
    private TestProxy? _proxy;

    private static IEnumerable<TestCaseData> Exchanges() => Corpus.Select(exchange => new TestCaseData(exchange).SetArgDisplayNames(exchange.Name));

    private IEnumerable<Exchange> Playable => Corpus.Where(exchange => exchange.Only is null || exchange.Only == flavour);

    [OneTimeSetUp]
    public async Task Start() => _database = await ExchangeDatabase.StartAsync(flavour);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [TestCaseSource(nameof(Exchanges))]
    public Task Through_the_proxy_as_from_the_server(Exchange exchange) => AssertSameThroughProxyAsync(exchange, compressed: false);

    /// <summary>What stands inside the compressed packets is what the server sends in clear.</summary>
    [TestCaseSource(nameof(Exchanges))]
    [Category("Slow")]
    public async Task Compressed_through_the_proxy_as_from_the_server(Exchange exchange)
    {
        if (exchange.Name.StartsWith("malformed: a wrong sequence number", StringComparison.Ordinal))
            Assert.Ignore("nobody looks at the numbers inside");
        await AssertSameThroughProxyAsync(exchange, compressed: true);
    }

    /// <summary>Else a difference through the proxy would mean nothing.</summary>
    [Test]
    public async Task The_server_itself_answers_every_script_twice_the_same()
    {
        foreach (var exchange in Playable)
            AssertEndsAsItSays(exchange, await AssertSameAsync(exchange, _database.Server.Port));
    }

    [Test]
    public void The_corpus_is_as_large_as_it_should_be_and_its_names_are_unique()
    {
        Assert.That(Playable.Count(), Is.GreaterThanOrEqualTo(150));
        Assert.That(Corpus.Select(exchange => exchange.Name), Is.Unique);
    }

    /// <summary>A script that ends early, or waits in vain, compares less than it seems to.</summary>
    private static void AssertEndsAsItSays(Exchange exchange, IReadOnlyList<Received> received)
    {
        var closes = exchange.Steps.Any(step => step is ReceiveToEndStep);
        var last = string.Join("\n  ", received.TakeLast(4));
        Assert.That(received[^1].Remark == Received.Closed, Is.EqualTo(closes), () => $"{exchange.Name}\n  {last}");
        Assert.That(received.Any(entry => entry.Remark == Received.Timeout), Is.False, () => $"{exchange.Name}\n  {last}");
    }

    private async Task AssertSameThroughProxyAsync(Exchange exchange, bool compressed)
    {
        if (!Playable.Contains(exchange))
            Assert.Ignore($"only {exchange.Only} can play it");
        _proxy ??= await TestProxy.StartAsync(
            $$$"""
            listeners:
              - name: app
                protocol: mysql
                listen: "{{listen}}"
                upstream: "{{{_database.Server.Endpoint}}}"
                upstreamTls: { mode: off }
                localInfile: true
                catalog: { username: {{{MySqlAccounts.Root.User}}}, password: {{{MySqlAccounts.Root.Password}}} }
            """);
        await AssertSameAsync(exchange, _proxy.Port, compressed);
    }

    private async Task<IReadOnlyList<Received>> AssertSameAsync(Exchange exchange, int otherPort, bool compressed = false)
    {
        await _database.ResetAsync();
        var direct = await new ExchangeRunner(_database.Server.Port, _database).PlayAsync(exchange);
        await _database.ResetAsync();
        var other = await new ExchangeRunner(otherPort, _database, compressed).PlayAsync(exchange);
        for (var index = 0; index < Math.Max(direct.Count, other.Count); index++)
        {
            var expected = index < direct.Count ? direct[index] : null;
            var actual = index < other.Count ? other[index] : null;
            if (expected is null || actual is null || !expected.SameAs(actual))
                Assert.Fail($"{exchange.Name}: entry {index + 1} of {direct.Count}\n  from the server: {expected}\n  instead:         {actual}");
        }

        return direct;
    }
}
