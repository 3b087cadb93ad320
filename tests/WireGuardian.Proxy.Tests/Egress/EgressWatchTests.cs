using System.Diagnostics.Metrics;
using System.Text;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Tests.Relay;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Proxy.Tests.Egress;

/// <summary>However the bytes are cut, a value never leaves as a whole, and all that does not complete one leaves at once.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EgressWatchTests : IDisposable
{
    private static readonly byte[] Value = "planted-value-one"u8.ToArray();

    private readonly PolicySource _policies = new(WithCanary("one", Value));
    private readonly InMemoryAuditLog _audit = new();
    private readonly Meter _meter = new("egress");
    private readonly List<string> _logged = [];
    private LoopbackPair _client = null!;

    [SetUp]
    public async Task Connect() => _client = await LoopbackPair.CreateAsync();

    public void Dispose()
    {
        _client.Dispose();
        _meter.Dispose();
    }

    [TestCase(0, 0)]
    [TestCase(5, 3)]
    [TestCase(300, 1)]
    [TestCase(700, 600)]
    public void The_piece_that_completes_a_value_is_refused_wherever_it_is_cut(int before, int after)
    {
        byte[] stream = [.. Encoding.ASCII.GetBytes(new string('.', before)), .. Value, .. Encoding.ASCII.GetBytes(new string('.', after))];
        foreach (var pieces in ByteSplitter.Cuts(stream))
        {
            var sent = Send(Watch(), pieces, out var found);
            Assert.That(found, Is.True, () => $"cut after {pieces[0].Length}");
            Assert.That(sent.AsSpan().IndexOf(Value), Is.EqualTo(-1));
            // Nothing is held back: all pieces that end before the value does have left.
            Assert.That(sent, Has.Length.EqualTo(Sum(pieces, before + Value.Length)));
        }
    }

    [Test]
    public void A_value_over_three_pieces_is_refused_with_the_third()
    {
        for (var first = 1; first < Value.Length - 1; first++)
        {
            for (var second = first + 1; second < Value.Length; second++)
            {
                var sent = Send(Watch(), [Value[..first], Value[first..second], Value[second..]], out var found);
                Assert.That(found, Is.True);
                Assert.That(sent, Has.Length.EqualTo(second));
            }
        }
    }

    [Test]
    public void The_longest_value_is_found_across_pieces_of_any_size()
    {
        var longest = Enumerable.Range(0, Canary.MaxLength).Select(index => (byte)(index * 7 + 1)).ToArray();
        _policies.Replace(WithCanary("long", longest));
        foreach (var pieces in ByteSplitter.Cuts([.. "x"u8, .. longest]))
        {
            Send(Watch(), pieces, out var found);
            Assert.That(found, Is.True, () => $"cut after {pieces[0].Length}");
        }
    }

    [Test]
    public void What_only_looks_like_a_value_passes()
    {
        byte[] stream = [.. Value[..^1], .. Value[..^1], .. Value[1..]];
        foreach (var pieces in ByteSplitter.Cuts(stream))
            Assert.That(Send(Watch(), pieces, out _), Is.EqualTo(stream));
        Assert.That(_audit.Records, Is.Empty);
    }

    [Test]
    public void A_find_is_recorded_counted_and_logged_by_name()
    {
        var watch = Watch();
        watch.Session = () => new AuditRecord { Time = TimeProvider.System.GetUtcNow(), Event = AuditEvents.Canary, Principal = "erin", Listener = "app" };
        var found = Assert.Throws<CanaryFoundException>(() => watch.Pass([1, 2, 3, 4, .. Value]))!;
        var record = _audit.Records.Single();
        Assert.That((record.Event, record.Principal, record.Rule, record.Decision), Is.EqualTo(("canary", "erin", "one", "ended")));
        Assert.That(_logged, Is.EqualTo(new[] { "one" }));
        Assert.That(found.Beginning.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That($"{record} {found} {found.Explanation}", Does.Not.Contain("planted-value"));
    }

    [Test]
    public void Before_the_login_the_address_is_on_record()
    {
        Assert.Throws<CanaryFoundException>(() => Watch().Pass(Value));
        var record = _audit.Records.Single();
        Assert.That((record.Listener, record.Client, record.Principal), Is.EqualTo(("app", "127.0.0.1", "")));
    }

    [Test]
    public void The_session_ends_where_no_record_can_be_written_too()
    {
        _audit.IsBroken = true;
        Assert.Throws<CanaryFoundException>(() => Watch().Pass(Value));
        Assert.That(_logged, Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void A_reload_reaches_sessions_with_their_next_send()
    {
        var watch = Watch();
        _policies.Replace(new Policy());
        watch.Pass(Value);
        _policies.Replace(WithCanary("two", "second-value"u8.ToArray()));
        watch.Pass(Value);
        watch.Pass("second-"u8);
        Assert.Throws<CanaryFoundException>(() => watch.Pass("value"u8));
    }

    [Test]
    public void A_canary_of_another_listener_is_not_looked_for()
    {
        _policies.Replace(new Policy { Canaries = [new Canary { Name = "one", Value = Value, Listeners = ["other"] }] });
        Assert.That(() => Watch().Pass(Value), Throws.Nothing);
    }

    private static Policy WithCanary(string name, byte[] value) => new() { Canaries = [new Canary { Name = name, Value = value }] };

    private static int Sum(IReadOnlyList<byte[]> pieces, int completed)
    {
        var sum = 0;
        foreach (var piece in pieces)
        {
            if (sum + piece.Length >= completed)
                break;
            sum += piece.Length;
        }
        return sum;
    }

    private static byte[] Send(EgressWatch watch, IReadOnlyList<byte[]> pieces, out bool found)
    {
        var sent = new List<byte>();
        found = false;
        foreach (var piece in pieces)
        {
            try
            {
                watch.Pass(piece);
                sent.AddRange(piece);
            }
            catch (CanaryFoundException)
            {
                found = true;
                break;
            }
        }
        return [.. sent];
    }

    private EgressWatch Watch() =>
        new CanarySource(_policies, "app", _audit, new ProxyMetrics(_meter).ForListener("app", "postgres"), TimeProvider.System) { Log = (canary, _) => _logged.Add(canary.Name) }
            .Watch(_client.Near);
}
