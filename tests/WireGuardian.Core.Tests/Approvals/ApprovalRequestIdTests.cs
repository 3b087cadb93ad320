using WireGuardian.Core.Approvals;

namespace WireGuardian.Core.Tests.Approvals;

public sealed class ApprovalRequestIdTests
{
    [Test]
    public void Ids_differ_and_are_eight_typeable_characters()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => ApprovalRequestId.New()).ToHashSet();
        Assert.That(ids, Has.Count.EqualTo(1000));
        Assert.That(ids, Has.All.Matches("^[0-9a-hjkmnp-tv-z]{8}$"));
    }

    [Test]
    public void An_id_is_read_as_it_was_meant() => Assert.That(ApprovalRequestId.Normalize("K3MoXIL0"), Is.EqualTo("k3m0x110"));
}
