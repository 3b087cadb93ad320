using WireGuardian.Proxy.Relay;

namespace WireGuardian.Proxy.Tests.Relay;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RelayOutputTests
{
    private static readonly byte[] Input = "0123456789"u8.ToArray();

    private readonly RelayOutput _output = new();

    [Test]
    public void Slices_and_insertions_come_out_in_order([Values(1, 2, 3, 100)] int room)
    {
        _output.Forward(0, 3);
        _output.Insert("abc"u8);
        _output.Insert("d"u8);
        _output.Forward(5, 2);
        _output.Forward(7, 1);
        Assert.That(Gathered(room), Is.EqualTo("012abcd567"));
        Assert.That(_output.Length, Is.EqualTo(10));
    }

    [Test]
    public void Neighbouring_slices_are_one_and_can_be_sent_without_a_copy()
    {
        _output.Forward(2, 3);
        _output.Forward(5, 1);
        _output.Forward(6, 0);
        Assert.That(_output.TryGetSingleSlice(out var start, out var length), Is.True);
        Assert.That((start, length), Is.EqualTo((2, 4)));
    }

    [Test]
    public void An_insertion_alone_is_not_a_slice_of_the_input()
    {
        _output.Insert("x"u8);
        Assert.That(_output.TryGetSingleSlice(out _, out _), Is.False);
    }

    [Test]
    public void A_reserved_place_is_filled_in_later_even_when_the_buffer_has_grown()
    {
        var place = _output.Reserve(2);
        _output.Insert(new byte[5000]);
        "ab"u8.CopyTo(_output.Patch(place, 2));
        Assert.That(Gathered(10_000)[..2], Is.EqualTo("ab"));
    }

    [Test]
    public void What_was_inserted_is_cleared()
    {
        _output.Insert("secret"u8);
        _output.Clear();
        Assert.That(_output.IsEmpty, Is.True);
        Assert.That(_output.GetSpan(6)[..6].ToArray(), Is.All.Zero);
    }

    [Test]
    public void It_says_when_so_much_was_inserted_that_it_should_be_sent()
    {
        Assert.That(_output.IsFull, Is.False);
        _output.Insert(new byte[256 << 10]);
        Assert.That(_output.IsFull, Is.True);
    }

    private string Gathered(int room)
    {
        var all = new List<byte>();
        var part = new byte[room];
        (int Piece, int Offset) position = default;
        for (int count; (count = _output.Gather(Input, part, ref position)) > 0;)
            all.AddRange(part[..count]);
        return System.Text.Encoding.ASCII.GetString([.. all]);
    }
}
