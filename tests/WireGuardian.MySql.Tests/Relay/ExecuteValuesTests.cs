using WireGuardian.Core.Approvals;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;

namespace WireGuardian.MySql.Tests.Relay;

public sealed class ExecuteValuesTests
{
    /// <summary>An integer, NULL and a string of three bytes.</summary>
    private static readonly byte[] Values = [0b010, 1, 3, 0, 253, 0, 253, 0, 7, 0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c'];

    [Test]
    public void Values_are_told_by_type_and_length_only() => Assert.That(
        ExecuteValues.Read(Execute(1, Values), 3, default), Is.EqualTo(new BindValue[] { new("long", 4), new("varstring", -1), new("varstring", 4) }));

    [Test]
    public void The_number_of_the_statement_is_not_in_the_digest_and_everything_else_is()
    {
        var digest = ExecuteValues.Digest(Execute(1, Values), 3, default);
        Assert.That(digest, Is.Not.Null);
        Assert.That(ExecuteValues.Digest(Execute(2, Values), 3, default), Is.EqualTo(digest));
        for (var index = 0; index < Values.Length; index++)
        {
            byte[] other = [.. Values];
            other[index] ^= 0x10;
            Assert.That(ExecuteValues.Digest(Execute(1, other), 3, default), Is.Not.EqualTo(digest), $"byte {index}");
        }
    }

    [Test]
    public void Without_the_types_the_values_do_not_say_it_all()
    {
        byte[] again = [0b010, 0, .. Values[8..]];
        Assert.That(ExecuteValues.Digest(Execute(1, again), 3, default), Is.Null);
        Assert.That(ExecuteValues.Digest(Execute(1, []), 0, default), Is.Not.Null, "there are none");
    }

    [Test]
    public void Any_bytes_give_a_list()
    {
        var whole = Execute(1, Values);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.That(ExecuteValues.Read(whole.AsSpan(0, length), 3, default), Has.Count.LessThanOrEqualTo(3));
            Assert.That(ExecuteValues.Read(whole.AsSpan(0, length), 3, CapabilityFlags.QueryAttributes), Has.Count.LessThanOrEqualTo(3));
        }
    }

    private static byte[] Execute(byte number, byte[] values) => [0x17, number, 0, 0, 0, 0, 1, 0, 0, 0, .. values];
}
