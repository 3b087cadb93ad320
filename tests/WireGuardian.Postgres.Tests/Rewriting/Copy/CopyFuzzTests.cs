using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Tests.Rewriting.Copy;

/// <summary>Any bytes in any pieces: data or one <see cref="ProtocolException"/>. And what a server would write for random rows reads back as those rows, masked.</summary>
public sealed class CopyFuzzTests
{
    private const int Rounds = 2000;

    private static readonly string[] Options = ["", "(DELIMITER '|', NULL '')", "(HEADER)", "CSV", "CSV HEADER QUOTE '''' ESCAPE '\\'", "CSV FORCE QUOTE *", "BINARY"];

    private static readonly string[] Specials = ["\\", "\n", "\t", "|", ",", "\"", "'", "\\N", "\r", "*", "\b", "secret", "ü", ""];

    private static byte[] BinaryFront => [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1];

    [TestCaseSource(nameof(Options))]
    public void Any_bytes_give_data_or_one_exception(string options)
    {
        var random = new Random(4);
        var copy = CopyBench.Options(options);
        for (var round = 0; round < Rounds; round++)
        {
            var data = new byte[random.Next(1, 60)];
            foreach (ref var unit in data.AsSpan())
                unit = random.Next(3) == 0 ? (byte)random.Next(256) : "\\\n\t,|\"'*N"u8[random.Next(9)];
            if (options == "BINARY")
                data = [.. BinaryFront, .. data];
            var cuts = new[] { random.Next(data.Length), random.Next(data.Length) }.Order().ToArray();
            var messages = CopyBench.Messages(data[..cuts[0]], data[cuts[0]..cuts[1]], data[cuts[1]..]);
            var plan = CopyBench.Plan(options == "BINARY", null, (MaskKind)random.Next(6), null);
            try
            {
                new CopyBench(plan, copy, [false, true, false], limit: random.Next(8, 80)).Feed([.. messages.Chunk(random.Next(1, 30))]);
            }
            catch (ProtocolException)
            {
                // One of the two that may come of it.
            }
        }
    }

    [TestCase("")]
    [TestCase("(DELIMITER '|', NULL '')")]
    [TestCase("(DELIMITER '*')")]
    public void Random_rows_of_text_read_back_masked(string options)
    {
        var copy = CopyBench.Options(options);
        Check(options, copy.Null, new string((char)copy.Delimiter, 1), value => Escape(value, (char)copy.Delimiter));
    }

    [TestCase("CSV", "\"", "\"")]
    [TestCase("CSV QUOTE '''' ESCAPE '\\'", "'", "\\")]
    public void Random_rows_of_csv_read_back_masked(string options, string quote, string escape) => Check(
        options, [], ",",
        value => value.Length == 0 || value.IndexOfAny([',', '\n', '\r', quote[0]]) >= 0
            ? quote + (escape == quote ? value : value.Replace(escape, escape + escape)).Replace(quote, escape + quote) + quote
            : value);

    private static void Check(string options, byte[] marker, string delimiter, Func<string, string> spell)
    {
        var random = new Random(7);
        foreach (var kind in Enum.GetValues<MaskKind>())
        {
            var rows = Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 3).Select(_ => Value(random)).ToArray()).ToArray();
            // In text, NULL and the marker of the empty text are one.
            string Spell(string? value) => value is null || (value.Length == 0 && marker.Length == 0 && !options.StartsWith("CSV")) ? Encoding.ASCII.GetString(marker) : spell(value);
            string Lines(Func<string?, int, string?> of) => string.Concat(rows.Select(row => string.Join(delimiter, row.Select((value, column) => Spell(of(value, column)))) + "\n"));
            string? Mask(string? value, int column) => column == 1 && !string.IsNullOrEmpty(value) ? Masking.Text(kind, CopyBench.Text, value) : value;
            string? Empty(string? value, int column) => column == 1 && value is "" && marker.Length + (options.StartsWith("CSV") ? 1 : 0) > 0 ? Masking.Text(kind, CopyBench.Text, "") : value;

            var data = Encoding.UTF8.GetBytes(Lines((value, _) => value));
            var bench = new CopyBench(CopyBench.Plan(false, null, kind, null), CopyBench.Options(options), [false, false, false]);
            var sent = bench.Feed(CopyBench.Messages([.. data.Chunk(random.Next(1, 50))]).Chunk(random.Next(1, 50))).Complete();
            Assert.That(Encoding.UTF8.GetString(sent), Is.EqualTo(Lines((value, column) => Empty(Mask(value, column), column))), kind.ToString());
        }
    }

    private static string? Value(Random random) =>
        random.Next(6) == 0 ? null : string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Specials[random.Next(Specials.Length)]));

    private static string Escape(string value, char delimiter) => string.Concat(value.Select(unit => unit switch
    {
        '\\' => @"\\",
        '\b' => @"\b",
        '\f' => @"\f",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\v' => @"\v",
        _ when unit == delimiter => "\\" + unit,
        _ => unit.ToString(),
    }));
}
