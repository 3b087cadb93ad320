using System.Text;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Egress;

namespace WireGuardian.Proxy.Tests.Egress;

/// <summary>Finds what stands there, wherever it stands, and nothing else: compared with a plain search.</summary>
[TestFixture]
public sealed class CanarySearchTests
{
    [Test]
    public void Every_value_is_found_at_every_place_of_every_length([Values(1, 2, 9, 64)] int count)
    {
        var canaries = Canaries(count);
        var search = new CanarySearch(canaries);
        for (var length = Canary.MinLength; length <= 80; length++)
        {
            foreach (var canary in canaries.Where(canary => canary.Value.Length <= length))
            {
                for (var place = 0; place <= length - canary.Value.Length; place++)
                {
                    var bytes = new byte[length];
                    canary.Value.Span.CopyTo(bytes.AsSpan(place));
                    Assert.That(search.FindIn(bytes), Is.SameAs(canary), () => $"{canary.Name} at {place} of {length}");
                }
            }
        }
    }

    [Test]
    public void A_value_without_its_first_or_its_last_byte_is_not_found()
    {
        foreach (var canary in Canaries(20))
        {
            var search = new CanarySearch([canary]);
            foreach (var part in new[] { canary.Value[1..], canary.Value[..^1] })
            {
                Assert.That(search.FindIn(part.Span), Is.Null);
                Assert.That(search.FindIn([.. new byte[40], .. part.Span]), Is.Null, "at the end");
                Assert.That(search.FindIn([.. part.Span, .. new byte[40]]), Is.Null, "at the beginning");
            }
        }
    }

    /// <summary>Of an alphabet of two letters nearly everything looks like a value.</summary>
    [Test]
    public void What_is_found_in_a_tangle_of_likenesses_is_what_a_plain_search_finds()
    {
        var random = new Random(4);
        for (var round = 0; round < 3000; round++)
        {
            var canaries = Enumerable.Range(0, random.Next(1, 30))
                .Select(index => Planted($"c{index}", Letters(random, random.Next(Canary.MinLength, 12)))).ToList();
            var bytes = Letters(random, random.Next(0, 200));
            var expected = canaries.Any(canary => bytes.AsSpan().IndexOf(canary.Value.Span) >= 0);
            var found = new CanarySearch(canaries).FindIn(bytes);
            Assert.That(found is not null, Is.EqualTo(expected), () => Encoding.ASCII.GetString(bytes));
            if (found is not null)
                Assert.That(bytes.AsSpan().IndexOf(found.Value.Span), Is.Not.Negative);
        }
    }

    [Test]
    public void A_canary_does_not_print_its_value() =>
        Assert.That(Planted("name", "planted-value"u8.ToArray()).ToString(), Is.EqualTo("Canary { Name = name }"));

    private static List<Canary> Canaries(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var value = new byte[random.Next(Canary.MinLength, 40)];
            random.NextBytes(value);
            // Never a part of another one: each ends with its number.
            value[^1] = (byte)(index + 1);
            return Planted($"c{index}", value);
        })];
    }

    private static Canary Planted(string name, byte[] value) => new() { Name = name, Value = value };

    private static byte[] Letters(Random random, int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)(random.Next(2) == 0 ? 'a' : 'b');
        return bytes;
    }
}
