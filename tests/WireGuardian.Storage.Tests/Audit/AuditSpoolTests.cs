using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

public sealed class AuditSpoolTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void A_frame_cut_anywhere_or_changed_anywhere_is_no_frame()
    {
        var frame = Frame(7, "SELECT ?");
        Assert.That(SpoolFrame.TryRead(frame, out var number, out var length), Is.True);
        Assert.That((number, length), Is.EqualTo((7L, frame.Length)));
        for (var index = 0; index < frame.Length; index++)
        {
            Assert.That(SpoolFrame.TryRead(frame.AsSpan(0, index), out _, out _), Is.False);
            var changed = frame.ToArray();
            changed[index] ^= 0x10;
            Assert.That(SpoolFrame.TryRead(changed, out _, out _), Is.False);
        }
    }

    [Test]
    public void Records_of_both_files_come_back_in_order_without_those_that_are_committed()
    {
        using (var spool = AuditSpool.Open(_directory.Path))
        {
            spool.Write(Frame(1, "a"));
            spool.Write(Frame(2, "b"));
            spool.Rotate();
            spool.Write(Frame(3, "c"));
        }
        using var next = AuditSpool.Open(_directory.Path);
        Assert.That(next.ReadAfter(1).Select(record => record.Number), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void A_torn_record_at_the_end_is_left_out()
    {
        using (var spool = AuditSpool.Open(_directory.Path))
        {
            spool.Write(Frame(1, "a"));
            spool.Write(Frame(2, "b").AsSpan(0, 20));
        }
        using var next = AuditSpool.Open(_directory.Path);
        Assert.That(next.ReadAfter(0).Select(record => record.Number), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void What_was_written_over_ends_at_the_newest_record()
    {
        using (var spool = AuditSpool.Open(_directory.Path))
        {
            for (var number = 1; number <= 5; number++)
                spool.Write(Frame(number, "a"));
            spool.Rotate();
            spool.ReleaseInactive();
            spool.Rotate();
            spool.Write(Frame(6, "a"));
            spool.Write(Frame(7, "a"));
        }
        using var next = AuditSpool.Open(_directory.Path);
        Assert.That(next.ReadAfter(0).Select(record => record.Number), Is.EqualTo(new[] { 6, 7 }));
        Assert.That(next.ReadAfter(7), Is.Empty);
    }

    private static byte[] Frame(long number, string statement)
    {
        var frame = SpoolFrame.Create(new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = AuditEvents.Statement, Statement = statement });
        SpoolFrame.SetNumber(frame, number);
        return frame;
    }
}
