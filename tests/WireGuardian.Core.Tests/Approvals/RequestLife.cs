using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>
/// Requests under everything that can befall them, in an order that bytes choose: the low bits of a byte name a step, and its highest bit says that the next step
/// comes at once with it. Ends with everything mended and a restart.
/// </summary>
internal sealed class RequestLife(byte[] choices) : IDisposable
{
    private const int Steps = 16;
    private const byte AtOnce = 0x80;

    private readonly InMemoryAuditLog _audit = new();
    private readonly InMemoryApprovalStore _store = new();
    private readonly Meter _meter = new("WireGuardian");
    private readonly ConcurrentQueue<string> _executed = new();
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly ConcurrentDictionary<string, ApprovalRequest> _held = new();
    private DateTimeOffset _now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private FakeTime _time = null!;
    private CrashingProcess _process = null!;
    private ApprovalQueue _queue = null!;
    private IHeldStatement? _statement;
    private volatile string? _id;
    private int _next;

    public void Dispose() => _meter.Dispose();

    /// <summary>Lives through all of it and checks what must hold whatever happened.</summary>
    public async Task LiveAsync()
    {
        await RestartAsync();
        while (_next < choices.Length)
        {
            await HoldAsync();
            var burst = new List<Task> { Task.Run(StepOf(choices[_next])) };
            while ((choices[_next++] & AtOnce) != 0 && _next < choices.Length)
                burst.Add(Task.Run(StepOf(choices[_next])));
            await Task.WhenAny(Task.WhenAll(burst), _process.Died);
            if (_process.Died.IsCompleted)
                await RestartAsync();
        }
        _process.Die();
        // What no connection waits for may still go on; in a day it does no more.
        _time.Advance(TimeSpan.FromDays(1));
        await RestartAsync();
        Check();
    }

    /// <summary>Its connection does not wait: it comes back, after a crash too.</summary>
    private bool ComesBack => choices.Length > 0 && choices[0] / Steps % 2 == 1;

    private Func<Task> StepOf(byte choice) => (choice % Steps) switch
    {
        0 or 1 => () => DecideAsync("dana", choice / Steps % 2 == 0 ? null : TimeSpan.FromMinutes(3)),
        2 => () => DecideAsync("omar", null),
        3 => () => DecideAsync("dana2", null),
        4 => () => DecideAsync("erin2", null, choice / Steps % 2 == 0 ? DecisionVerb.Approve : DecisionVerb.BreakGlass),
        5 => () => DecideAsync("omar", null, choice / Steps % 3 == 0 ? DecisionVerb.BreakGlass : DecisionVerb.Deny),
        6 or 7 or 8 => () => ReleaseAsync("d1"),
        9 => () => ReleaseAsync("d2"),
        10 => () => Do(() => _time.Advance(TimeSpan.FromMinutes(choice % 3 == 0 ? 10 : 4))),
        11 => () => ComesBack ? _queue.FollowPolicyAsync("another") : Do(() => _statement?.Withdraw("cancel")),
        12 => () => Do(() => _statement?.Abandon()),
        13 => () => Do(() => _audit.IsBroken = !_audit.IsBroken),
        14 => () => Do(() => _store.RefusesSaving = !_store.RefusesSaving),
        _ => () => Do(() => _process.DieAfter(choice / Steps % 3, keepsLastRecord: choice / Steps % 2 == 0)),
    };

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task HoldAsync()
    {
        if (_id is not null && _queue.Find(_id) is { } request && !ApprovalTransitions.IsEnd(request.State))
            return;
        if (ComesBack)
        {
            await Task.WhenAny(SendAgainAsync("d1"), _process.Died);
            return;
        }
        try
        {
            var submitting = _queue.SubmitAsync(NewRequest(), CancellationToken.None).AsTask();
            await Task.WhenAny(submitting, _process.Died);
            if (_process.Died.IsCompleted)
            {
                await RestartAsync();
                return;
            }
            _statement = await submitting;
            _id = _statement.Id;
            _held[_id] = _queue.Find(_id)!;
        }
        catch (ApprovalRefusedException)
        {
            (_statement, _id) = (null, null);
        }
    }

    private async Task SendAgainAsync(string digest)
    {
        var process = _process;
        try
        {
            var (result, request) = await _queue.ResubmitAsync(NewRequest() with { Digest = digest }, CancellationToken.None);
            process.WhileAlive(() =>
            {
                _held.TryAdd(request.Id, request);
                _id = digest == "d1" ? request.Id : _id;
                if (result == ResubmitResult.Released)
                    _executed.Enqueue(request.Id);
            });
        }
        catch (ApprovalRefusedException)
        {
            // Nothing was asked for, and nothing ran.
        }
    }

    private ApprovalRequest NewRequest() => new()
    {
        Id = "",
        State = ApprovalState.Pending,
        Listener = "app-pg",
        Protocol = "postgres",
        User = "erin",
        Database = "shop",
        Client = "127.0.0.1",
        Application = "psql",
        Statement = "DROP TABLE people",
        Kinds = Core.Statements.StatementKinds.Ddl,
        Rule = "schema-changes",
        Digest = "d1",
        CreatedAt = _time.GetUtcNow(),
        ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(10),
        Minimum = 1 + (choices.Length % 2),
        BreakGlass = ["oncall"],
        Mode = ComesBack ? HoldMode.Resubmit : HoldMode.Wait,
        Validity = TimeSpan.FromMinutes(5),
    };

    /// <summary>What ends in a digit is another name of the same person.</summary>
    private async Task DecideAsync(string name, TimeSpan? validFor, DecisionVerb verb = DecisionVerb.Approve)
    {
        if (_id is not { } id)
            return;
        var by = new Operator(name, ["oncall"]) { Person = name.TrimEnd('2') };
        var outcome = await _queue.DecideAsync(id, new(by, verb) { Reason = "because", ValidFor = validFor }, CancellationToken.None);
        if (outcome.Counted)
            _counted.Enqueue(id);
    }

    private async Task ReleaseAsync(string digest)
    {
        if (ComesBack)
        {
            await SendAgainAsync(digest);
            return;
        }
        var process = _process;
        if (_statement is { } statement && await statement.TryReleaseAsync(digest, CancellationToken.None))
            process.WhileAlive(() => _executed.Enqueue(statement.Id));
    }

    /// <summary>Another process, with everything mended, on what the one before left behind.</summary>
    private async Task RestartAsync()
    {
        _process?.Die();
        if (_time is not null)
            _now = _time.GetUtcNow();
        (_audit.IsBroken, _store.RefusesSaving, _statement) = (false, false, null);
        _time = new(_now);
        _process = new(_audit, _store);
        _queue = await ApprovalQueue.StartAsync(_process, _process, _time, new ApprovalMetrics(_meter), null, CancellationToken.None);
    }

    private void Check()
    {
        Assert.That(_executed, Is.Unique, "never two executions");
        Assert.That(_store.Unfinished(), Is.Empty);
        Assert.That(_executed.Except(_held.Keys), Is.Empty);
        foreach (var (id, request) in _held)
        {
            var records = _audit.Records.Where(record => record.RequestId == id).ToList();
            var ends = records.Where(record => record.Event is "deny" or "expire" or "withdraw" or "abandon" or "release").ToList();
            var approvals = records.Where(record => record.Event is "approve" or "break-glass").ToList();
            var state = _store.Find(id)!.State;
            Assert.That(ends, Has.Count.LessThanOrEqualTo(1), "exactly one outcome");
            Assert.That(ends.Select(record => record.Decision), Is.SubsetOf(new[] { state.ToName() }), "store and trail agree");
            Assert.That(_counted.Count(counted => counted == id), Is.LessThanOrEqualTo(approvals.Count + ends.Count(end => end.Event == "deny")));
            Assert.That(state == ApprovalState.Released, Is.EqualTo(ends.Exists(end => end.Event == "release")));
            if (_executed.Contains(id))
                Assert.That(state, Is.EqualTo(ApprovalState.Released), "never an execution without its record");
            if (state != ApprovalState.Released)
                continue;
            Assert.That(_store.Find(id)!.ReleaseBy is { } lapses && lapses <= ends[0].Time, Is.False, "never an execution of what has lapsed");
            var by = approvals.Select(approval => approval.Operator.TrimEnd('2')).ToHashSet();
            Assert.That(by, Has.None.EqualTo("erin"), "nobody approves their own request");
            if (!approvals.Exists(approval => approval.Event == "break-glass"))
                Assert.That(by, Has.Count.GreaterThanOrEqualTo(request.Minimum));
            Assert.That(records[^1].Event, Is.EqualTo("release").Or.EqualTo("decision-refused"));
        }
    }
}
