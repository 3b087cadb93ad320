using System.Text;

namespace WireGuardian.Benchmarks;

/// <summary>Values as rows bring them: ten columns of usual kinds, of which a share holds something that a detector knows.</summary>
internal static class DetectionRows
{
    private static readonly string[] Words =
        "the order was shipped to our warehouse and arrived late because of heavy snow on the road between two small towns where nobody had expected it".Split(' ');

    private static readonly string[] Sensitive =
    [
        "alice@example.com", "card 4111 1111 1111 1111 declined", "536-90-4399", "call +49 30 1234567 or 415-555-0123", "from 192.168.1.10", "DE89370400440532013000",
        "bob.jones@mail.example.org wrote", "postgres://app:s3cret@db.example/x", "password=hunter2",
    ];

    /// <param name="rows">Rows of ten values.</param>
    /// <param name="matching">One value in so many holds something; 0 for none.</param>
    public static byte[][] Make(int rows, int matching)
    {
        var random = new Random(1);
        var values = new List<byte[]>();
        for (var i = 0; i < rows; i++)
        {
            foreach (var text in Row(random))
                values.Add(Encoding.UTF8.GetBytes(matching > 0 && values.Count % matching == matching - 1 ? Sensitive[random.Next(Sensitive.Length)] : text));
        }
        return [.. values];
    }

    private static string[] Row(Random random) =>
    [
        random.Next(1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        Prose(random, 12),
        "shipped",
        $"{random.Next(100_000)}.{random.Next(10, 99)}",
        $"2026-11-{random.Next(10, 30)} {random.Next(10, 24)}:{random.Next(10, 60)}:{random.Next(10, 60)}.{random.Next(100_000, 999_999)}+00",
        Guid.NewGuid().ToString(),
        Convert.ToHexStringLower(Bytes(random, 16)),
        $"ORD-2026-{random.Next(100_000):D6}",
        Prose(random, 120),
        $$"""{"ts":"2026-11-27T14:43:04Z","level":"info","msg":"{{Prose(random, 40)}}","order_id":{{random.Next(100_000)}},"duration_ms":12.5}""",
    ];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Prose(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(Words[random.Next(Words.Length)]).Append(' ');
        return text.ToString(0, length);
    }
}
