namespace WireGuardian.Testing.Wire;

/// <summary>Cuts a stream of bytes in pieces in every way that a network may: what a decoder gives must not depend on the cuts.</summary>
public static class ByteSplitter
{
    /// <summary>Whole; one byte at a time; cut once at every index. n + 1 ways for n bytes.</summary>
    public static IEnumerable<IReadOnlyList<byte[]>> Cuts(byte[] bytes)
    {
        yield return [bytes];
        yield return [.. bytes.Select(value => (byte[])[value])];
        for (var at = 1; at < bytes.Length; at++)
            yield return [bytes[..at], bytes[at..]];
    }

    /// <summary>
    /// Feeds each way of cutting to a decoder of its own and compares what comes out with what the whole gave.
    /// </summary>
    /// <param name="bytes">The stream.</param>
    /// <param name="decode">Makes a new decoder, feeds it the pieces in turn, and gives all that it put out.</param>
    public static void AssertSame<T>(byte[] bytes, Func<IReadOnlyList<byte[]>, T> decode)
    {
        T? whole = default;
        var first = true;
        foreach (var pieces in Cuts(bytes))
        {
            var result = decode(pieces);
            if (first)
                whole = result;
            else
                Assert.That(result, Is.EqualTo(whole), () => $"cut after {pieces[0].Length} of {bytes.Length} bytes, {pieces.Count} pieces");
            first = false;
        }
    }

    /// <summary>For a decoder over one growing buffer: calls <paramref name="feed"/> with what is unread and lets it say how much it consumed.</summary>
    /// <param name="pieces">In the order of their arrival.</param>
    /// <param name="feed">Gets the unread bytes; returns how many it consumed.</param>
    /// <returns>How many bytes were left unread at the end.</returns>
    public static int Feed(IReadOnlyList<byte[]> pieces, Func<Memory<byte>, int> feed)
    {
        byte[] unread = [];
        foreach (var piece in pieces)
        {
            // A new array each time: a decoder that keeps a reference into the old one is found out.
            byte[] buffer = [.. unread, .. piece];
            int consumed;
            var start = 0;
            do
            {
                consumed = feed(buffer.AsMemory(start));
                start += consumed;
            }
            while (consumed > 0 && start < buffer.Length);
            unread = buffer[start..];
            Array.Clear(buffer);
        }

        return unread.Length;
    }
}
