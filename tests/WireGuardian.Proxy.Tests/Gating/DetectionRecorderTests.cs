using WireGuardian.Core.Audit;
using WireGuardian.Core.Detection;
using WireGuardian.Proxy.Gating;
using WireGuardian.Testing.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Proxy.Tests.Gating;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DetectionRecorderTests
{
    private readonly FakeTime _time = new();
    private readonly InMemoryAuditLog _audit = new();

    [Test]
    public void Numbers_are_recorded_once_a_minute_by_rule()
    {
        var recorder = Recorder();
        recorder.Add("all", Detector.EmailAddress, 2);
        recorder.Add("all", Detector.UsSsn, 1);
        recorder.Add("all", Detector.EmailAddress, 1);
        recorder.Add("rest", Detector.Jwt, 1);
        _time.Advance(TimeSpan.FromSeconds(59));
        recorder.FlushIfDue();
        Assert.That(_audit.Records, Is.Empty);
        _time.Advance(TimeSpan.FromSeconds(1));
        recorder.FlushIfDue();
        recorder.Flush();
        Assert.That(_audit.Records.Select(record => (record.Event, record.Rule, record.Detail)), Is.EqualTo(new[] { ("detection", "all", "EMAIL_ADDRESS 3, US_SSN 1"), ("detection", "rest", "JWT 1") }));
    }

    [Test]
    public void What_could_not_be_recorded_is_kept()
    {
        var recorder = Recorder();
        _audit.IsBroken = true;
        recorder.Add("all", Detector.Jwt, 1);
        Assert.That(recorder.Flush, Throws.TypeOf<AuditUnavailableException>());
        _audit.IsBroken = false;
        recorder.Flush();
        Assert.That(_audit.Records.Single().Detail, Is.EqualTo("JWT 1"));
    }

    private DetectionRecorder Recorder() => new(_audit, _time, () => new AuditRecord { Time = _time.GetUtcNow(), Event = AuditEvents.Detection });
}
