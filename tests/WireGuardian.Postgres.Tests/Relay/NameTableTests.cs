using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Tests.Relay;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameTableTests
{
    private readonly NameTable<string> _names = new();

    [Test]
    public void A_promise_that_fails_gives_back_what_was_there([Values("", "s")] string name)
    {
        _names.Put(Bytes(name), "first", 1).Confirm();
        var second = _names.Put(Bytes(name), "second", 2);
        _names.Undo(second);
        Assert.That(Value(name), Is.EqualTo("first"));
    }

    [Test]
    public void Two_promises_that_fail_oldest_first_give_back_what_was_there()
    {
        _names.Put([], "first", 1).Confirm();
        var second = _names.Put([], "second", 2);
        var third = _names.Put([], "third", 3);
        _names.Undo(second);
        Assert.That(Value(""), Is.EqualTo("third"));
        _names.Undo(third);
        Assert.That(Value(""), Is.EqualTo("first"));
    }

    [Test]
    public void A_removed_entry_comes_back_under_what_was_promised_since()
    {
        var first = _names.Put("s"u8, "first", 1);
        first.Confirm();
        _names.Remove("s"u8);
        var second = _names.Put("s"u8, "second", 2);
        _names.Restore(first);
        _names.Undo(second);
        Assert.That(Value("s"), Is.EqualTo("first"));
    }

    [Test]
    public void Names_are_told_apart_by_their_first_63_bytes_as_the_server_does()
    {
        var common = new string('x', 63);
        _names.Put(Bytes(common + "a"), "first", 1);
        Assert.That(Value(common + "b"), Is.EqualTo("first"));
        _names.Remove(Bytes(common + "c"));
        Assert.That(Value(common + "a"), Is.Null);
        Assert.That(Value(common[..62]), Is.Null);
    }

    [Test]
    public void A_name_that_the_server_recodes_is_never_known()
    {
        var entry = _names.Put("é"u8, "first", 1);
        entry.Confirm();
        Assert.That(Value("é"), Is.Null);
        _names.Remove("é"u8);
        _names.Undo(entry);
        Assert.That(_names.Count, Is.Zero);
    }

    [Test]
    public void What_the_server_has_confirmed_can_be_dropped_alone()
    {
        _names.Put("a"u8, "confirmed", 1).Confirm();
        _names.Put("b"u8, "promised", 2);
        _names.RemoveConfirmed();
        Assert.That(Value("a"), Is.Null);
        Assert.That(Value("b"), Is.EqualTo("promised"));
    }

    [Test]
    public void What_is_confirmed_under_a_name_is_dropped_from_under_later_promises()
    {
        _names.Put("a"u8, "confirmed", 1).Confirm();
        var second = _names.Put("a"u8, "second", 2);
        var third = _names.Put("a"u8, "third", 3);
        _names.RemoveConfirmed("a"u8);
        Assert.That(Value("a"), Is.EqualTo("third"));
        _names.Undo(third);
        Assert.That(Value("a"), Is.EqualTo("second"));
        _names.Undo(second);
        Assert.That(Value("a"), Is.Null);
    }

    [Test]
    public void A_confirmed_name_is_dropped()
    {
        _names.Put("a"u8, "confirmed", 1).Confirm();
        _names.RemoveConfirmed("a"u8);
        _names.RemoveConfirmed("b"u8);
        Assert.That(_names.Count, Is.Zero);
    }

    [Test]
    public void A_promise_is_certain_in_its_own_batch_and_once_confirmed_in_all()
    {
        var entry = _names.Put("a"u8, "value", 3);
        Assert.That((entry.IsCertainIn(3), entry.IsCertainIn(4)), Is.EqualTo((true, false)));
        entry.Confirm();
        Assert.That(entry.IsCertainIn(4), Is.True);
    }

    private string? Value(string name) => _names.Find(Bytes(name))?.Value;

    private static byte[] Bytes(string name) => System.Text.Encoding.UTF8.GetBytes(name);
}
