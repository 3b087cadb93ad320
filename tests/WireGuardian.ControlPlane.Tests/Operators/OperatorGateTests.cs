using System.Net;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Server.Operators;
using WireGuardian.Testing.Time;

namespace WireGuardian.ControlPlane.Tests.Operators;

public sealed class OperatorGateTests
{
    private readonly FakeTime _time = new();
    private FakeAuditLog _audit = null!;
    private RefusalLimit _limit = null!;
    private OperatorGate _gate = null!;

    [SetUp]
    public void Make()
    {
        _audit = new FakeAuditLog();
        _limit = new RefusalLimit(new ControlPlaneOptions { RefusalsPerAddress = 2 });
        _gate = new OperatorGate(new FakeOperators(), _audit, _time, _limit, "grpc");
    }

    [TearDown]
    public async Task EndAsync() => await _limit.DisposeAsync();

    [Test]
    public async Task An_operator_who_keeps_reading_is_recorded_once_an_hour()
    {
        for (var call = 0; call < 50; call++)
            await AdmitAsync(FakeOperators.Dana);
        Assert.That(_audit.Admissions.Select(record => (record.Operator, record.Client, record.Detail)), Is.EqualTo(new[] { ("dana", "192.0.2.1", "by token") }));
        _time.Advance(OperatorGate.AdmissionsRecordedEvery);
        await AdmitAsync(FakeOperators.Dana);
        Assert.That(_audit.Admissions, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Another_operator_or_address_is_recorded_on_its_own()
    {
        await AdmitAsync(FakeOperators.Dana);
        await AdmitAsync(FakeOperators.Erin);
        await AdmitAsync(FakeOperators.Dana, "192.0.2.2");
        Assert.That(_audit.Admissions, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task An_admission_that_cannot_be_recorded_is_none()
    {
        _audit.Unavailable = true;
        var admission = await AdmitAsync(FakeOperators.Dana);
        Assert.That(admission.Operator, Is.Null);
        Assert.That(admission.Problem, Is.EqualTo(AdmissionProblem.AuditUnavailable));
        _audit.Unavailable = false;
        Assert.That((await AdmitAsync(FakeOperators.Dana)).Operator!.Name, Is.EqualTo("dana"));
        Assert.That(_audit.Admissions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refusals_are_recorded_until_the_limit()
    {
        for (var guess = 0; guess < 10; guess++)
            await AdmitAsync($"guess-{guess}");
        Assert.That(_audit.Records, Has.Count.EqualTo(2));
        Assert.That((await AdmitAsync("guess")).Problem, Is.EqualTo(AdmissionProblem.TooMany));
    }

    private async Task<OperatorAdmission> AdmitAsync(string token, string from = "192.0.2.1") =>
        await _gate.AdmitAsync(IPAddress.Parse(from), new OperatorCredentials(token), CancellationToken.None);
}
