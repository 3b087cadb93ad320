using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Testing.Time;

namespace WireGuardian.Proxy.Tests.Catalog;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeptCatalogTests
{
    private readonly PauseTime _time = new();
    private readonly List<string> _told = [];
    private IReadOnlyList<MaskingRule> _rules = [];
    private Func<Task<string>> _read = () => Task.FromResult("a picture");
    private TaskCompletionSource _reading = new();

    [Test]
    public async Task A_change_makes_it_stale_until_it_is_loaded_anew()
    {
        await using var catalog = Create();
        Assert.That((catalog.Current, catalog.IsFresh), Is.EqualTo(((string?)null, false)));
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That((catalog.Current, catalog.IsFresh), Is.EqualTo(("a picture", true)));
        catalog.BeginChange();
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(catalog.IsFresh, Is.False);
        catalog.EndChange();
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(catalog.IsFresh, Is.True);
    }

    [Test]
    public async Task A_change_that_ends_during_a_load_is_not_in_its_picture()
    {
        await using var catalog = Create();
        var read = new TaskCompletionSource<string>();
        _read = () => read.Task;
        var loading = catalog.GetFreshAsync(CancellationToken.None);
        await _reading.Task;
        catalog.BeginChange();
        var next = new TaskCompletionSource<string>();
        _read = () => next.Task;
        catalog.EndChange();
        read.SetResult("an old picture");
        Assert.That((await loading, catalog.IsFresh), Is.EqualTo(("an old picture", false)));
        next.SetResult("a new picture");
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That((catalog.Current, catalog.IsFresh), Is.EqualTo(("a new picture", true)));
    }

    [Test]
    public async Task Closing_it_is_no_news()
    {
        var catalog = Create();
        await catalog.GetFreshAsync(CancellationToken.None);
        _read = () => throw new CatalogUnavailableException("the catalog is closed");
        await catalog.DisposeAsync();
        Assert.That(_told, Is.Empty);
    }

    [Test]
    public async Task Other_rules_make_it_stale()
    {
        await using var catalog = Create();
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(catalog.IsFresh, Is.True);
        _rules = new List<MaskingRule>();
        Assert.That(catalog.IsFresh, Is.False);
    }

    [Test]
    public async Task Trouble_is_told_when_it_begins_and_when_it_ends()
    {
        await using var catalog = Create();
        await catalog.GetFreshAsync(CancellationToken.None);
        _read = () => throw new CatalogUnavailableException("gone");
        for (var i = 0; i < 2; i++)
            Assert.That(async () => await catalog.GetFreshAsync(CancellationToken.None), Throws.TypeOf<CatalogUnavailableException>());
        Assert.That(catalog.IsFresh, Is.False);
        _read = () => Task.FromResult("another picture");
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That((catalog.Current, catalog.IsFresh), Is.EqualTo(("another picture", true)));
        Assert.That(_told, Is.EqualTo(new[] { "gone", "the catalog of listener db answers again" }));
    }

    /// <summary>A load that takes nothing, one that takes a tenth of a second, one that takes a minute; the interval is two seconds.</summary>
    [TestCase(0, 2)]
    [TestCase(0.1, 5)]
    [TestCase(60, 30)]
    public async Task It_looks_again_after_a_pause_that_grows_with_the_load(double took, double pause)
    {
        await using var catalog = Create();
        _read = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(took));
            return Task.FromResult("a picture");
        };
        await catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(_time.Pauses, Is.EqualTo(new[] { TimeSpan.FromSeconds(pause) }));
        _reading = new();
        _time.Advance(TimeSpan.FromSeconds(pause));
        await _reading.Task;
    }

    [Test]
    public async Task A_caller_waits_so_long_and_no_longer()
    {
        await using var catalog = Create();
        var read = new TaskCompletionSource<string>();
        _read = () => read.Task;
        var waiting = catalog.GetFreshAsync(CancellationToken.None);
        await _reading.Task;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(async () => await waiting, Throws.TypeOf<CatalogUnavailableException>().With.Message.EqualTo("no answer"));
        read.SetResult("late");
    }

    private KeptCatalog<string> Create() => new(
        (_, stopped) =>
        {
            var picture = _read();
            _reading.TrySetResult();
            return picture.WaitAsync(stopped);
        },
        new()
        {
            Rules = () => _rules,
            Timeout = TimeSpan.FromMinutes(5),
            PollInterval = TimeSpan.FromSeconds(2),
            Time = _time,
            Diagnostics = _told.Add,
            Name = "listener db",
            NoAnswer = "no answer",
        });

    /// <summary>Notes how long the catalog pauses.</summary>
    private sealed class PauseTime : TimeProvider
    {
        private readonly FakeTime _time = new();

        public List<TimeSpan> Pauses { get; } = [];

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp() => _time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new NotedTimer(_time.CreateTimer(callback, state, dueTime, period), Pauses);

        public void Advance(TimeSpan by) => _time.Advance(by);
    }

    private sealed class NotedTimer(ITimer timer, List<TimeSpan> pauses) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            pauses.Add(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
