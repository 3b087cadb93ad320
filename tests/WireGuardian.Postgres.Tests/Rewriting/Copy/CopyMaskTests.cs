using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Rewriting.Copy;

/// <summary>The three formats of COPY … TO STDOUT, cut into messages and reads at every byte. In text and csv the second of three columns is masked.</summary>
public sealed class CopyMaskTests
{
    private static readonly Dictionary<string, (string Options, MaskKind Mask, string Data, string Masked)> Cases = new()
    {
        ["text"] = ("", MaskKind.Redact, "1\tsecret\tx\n2\ts\ty\n", "1\t******\tx\n2\t*\ty\n"),
        ["NULL and empty"] = ("", MaskKind.Redact, "1\t\\N\tx\n\t\t\n", "1\t\\N\tx\n\t\t\n"),
        ["escapes"] = ("", MaskKind.Redact, "\\t\\\\\ta\\tb\\\\\\n\\r\\b\\f\\v\\N\\.\tx\\\\\n", "\\t\\\\\t" + new string('*', 11) + "\tx\\\\\n"),
        ["an escaped delimiter"] = ("(DELIMITER '|')", MaskKind.Redact, "a\\||b\\|c|d\\|\n", "a\\||***|d\\|\n"),
        ["a star for a delimiter"] = ("(DELIMITER '*')", MaskKind.Redact, "a*bc*d\n", "a*\\*\\**d\n"),
        ["another marker"] = ("(NULL '')", MaskKind.Redact, "1\t\tx\n1\t\\\\N\tx\n", "1\t\tx\n1\t**\tx\n"),
        ["a header"] = ("(HEADER)", MaskKind.Redact, "id\tsecret\tn\\nx\n1\tsecret\tx\n", "id\tsecret\tn\\nx\n1\t******\tx\n"),
        ["mask to NULL"] = ("", MaskKind.Null, "1\tsecret\tx\n1\t\\N\t\n", "1\t\\N\tx\n1\t\\N\t\n"),
        ["mask to NULL by another marker"] = ("(NULL '\\x')", MaskKind.Null, "1\tsecret\tx\n", "1\t\\x\tx\n"),
        ["the tail, which needs escapes"] = ("", MaskKind.Partial, "1\tabcdefgh\\t\\\\\\nz\tx\n", "1\t********\\t\\\\\\nz\tx\n"),
        ["csv"] = ("CSV", MaskKind.Redact, "1,secret,x\n2,s,y\n", "1,******,x\n2,*,y\n"),
        ["csv in quotes"] = ("CSV", MaskKind.Redact, "\"a,\"\"\n\",\"b,\"\"\nc\",\"\"\n", "\"a,\"\"\n\",*****,\"\"\n"),
        ["csv NULL and empty"] = ("CSV", MaskKind.Redact, ",,\n,\"\",\"\"\n", ",,\n,\"\",\"\"\n"),
        ["csv with an escape"] = ("CSV QUOTE '''' ESCAPE '\\'", MaskKind.Redact, "'a\\'\\\\,',b,'\\\\'\n1,'c\\'\\\\,d',\"\n", "'a\\'\\\\,',*,'\\\\'\n1,*****,\"\n"),
        ["csv header"] = ("(FORMAT csv, HEADER true)", MaskKind.Redact, "id,\"se\ncret\",x\n1,secret,x\n", "id,\"se\ncret\",x\n1,******,x\n"),
        ["csv NULL by a marker"] = ("(FORMAT csv, NULL '***')", MaskKind.Redact, "1,***,x\n2,abc,x\n3,\"***\",\n", "1,***,x\n2,\"***\",x\n3,\"***\",\n"),
        ["csv mask to NULL"] = ("CSV NULL 'none'", MaskKind.Null, "1,\"none\",x\n1,secret,x\n", "1,none,x\n1,none,x\n"),
        ["csv the tail, which needs quotes"] = ("CSV", MaskKind.Partial, "1,\"abcdefgh,\"\"\n1\",x\n", "1,\"********,\"\"\n1\",x\n"),
    };

    private static IEnumerable<string> Names => Cases.Keys;

    [TestCaseSource(nameof(Names))]
    public void Masked_values_are_masked_and_everything_else_stays(string name)
    {
        var (_, _, data, masked) = Cases[name];
        Assert.That(Text(Play(name, [CopyBench.Messages(Bytes(data))])), Is.EqualTo(masked));
    }

    [TestCaseSource(nameof(Names))]
    public void A_row_may_come_in_any_messages_and_a_message_may_hold_any_rows(string name)
    {
        var data = Bytes(Cases[name].Data);
        ByteSplitter.AssertSame(data, pieces => Text(Play(name, [CopyBench.Messages([.. pieces])])));
    }

    [TestCaseSource(nameof(Names))]
    public void Messages_may_come_in_any_reads(string name)
    {
        var messages = CopyBench.Messages([.. Text(Bytes(Cases[name].Data)).Split('\n', StringSplitOptions.None)[..^1].Select(line => Bytes(line + "\n"))]);
        ByteSplitter.AssertSame(messages, pieces => Text(Play(name, pieces)));
    }

    [TestCaseSource(nameof(Names))]
    public void A_message_longer_than_may_be_kept_comes_out_the_same_in_pieces(string name)
    {
        var (_, _, data, masked) = Cases[name];
        var message = CopyBench.Messages(Bytes(data));
        Assert.That(Text(Play(name, [.. message.Select(value => (byte[])[value])], limit: 20)), Is.EqualTo(masked));
    }

    [Test]
    public void One_message_of_the_server_is_one_to_the_client()
    {
        var bench = Bench("text").Feed(CopyBench.Messages(Bytes("1\ta\\tb\tx\n"), Bytes("2\tsecret\ty\n"), Bytes("3\t\\\\\tz\n")));
        Assert.That(bench.Sent().Select(Text), Is.EqualTo(new[] { "1\t***\tx\n", "2\t******\ty\n", "3\t*\tz\n" }));
    }

    [TestCase("FORCE QUOTE *", "\"1\",\"******\",\"x\"\n")]
    [TestCase("FORCE QUOTE b", "1,\"******\",x\n")]
    public void Quotes_are_where_they_are_forced(string force, string masked)
    {
        var copy = CopyBench.Options($"CSV {force}");
        var forced = new[] { copy.ForcesAllQuotes, true, copy.ForcesAllQuotes };
        var bench = new CopyBench(CopyBench.Plan(false, null, MaskKind.Redact, null), copy, forced);
        Assert.That(Text(bench.Feed(CopyBench.Messages(Bytes(masked.Replace("******", "secret")))).Complete()), Is.EqualTo(masked));
    }

    [Test]
    public void A_mask_that_knows_the_value_sees_it_without_its_escapes([Values("a\\tb", "a\\\tb")] string spelled)
    {
        var bench = new CopyBench(CopyBench.Plan(false, null, MaskKind.Token), CopyBench.Options(""), [false, false]);
        var token = Masking.Text(MaskKind.Token, CopyBench.Text, "a\tb");
        Assert.That(Text(bench.Feed(CopyBench.Messages(Bytes($"1\t{spelled}\n"))).Complete()), Is.EqualTo($"1\t{token}\n"));
    }

    [TestCase("1\n", Description = "a column is missing")]
    [TestCase("1\tsecret", Description = "the data end within a row")]
    public void Data_that_do_not_match_end_the_session(string data) =>
        Assert.That(() => Bench("text").Feed(CopyBench.Messages(Bytes(data))).Complete(), Throws.TypeOf<ProtocolException>());

    [TestCase("1,2\n")]
    [TestCase("1,2,3,4\n")]
    [TestCase("1,\"2\n")]
    public void Csv_that_does_not_match_ends_the_session(string data) =>
        Assert.That(() => Bench("csv").Feed(CopyBench.Messages(Bytes(data))).Complete(), Throws.TypeOf<ProtocolException>());

    [Test]
    public void A_value_of_any_length_becomes_stars_without_being_kept()
    {
        var bench = Bench("text", limit: 100);
        bench.Feed([.. CopyBench.Messages(Bytes($"1\t{new string('s', 5000)}\\n\tx\n")).Chunk(64)]);
        Assert.That(Text(bench.Complete()), Is.EqualTo($"1\t{new string('*', 5001)}\tx\n"));
        Assert.That(bench.MostUnread, Is.LessThan(100));
    }

    [TestCase("csv")]
    [TestCase("the tail, which needs escapes")]
    public void A_longer_value_that_a_mask_has_to_see_whole_is_refused_by_the_name_of_the_limit(string name)
    {
        var data = $"1{(name == "csv" ? ',' : '\t')}{new string('s', 5000)}";
        Assert.That(
            () => Bench(name, limit: 100).Feed([.. CopyBench.Messages(Bytes(data)).Chunk(64)]),
            Throws.TypeOf<ProtocolException>().With.Message.Contains("limits.maxBufferedRowBytes"));
    }

    [TestCase("text")]
    [TestCase("escapes")]
    [TestCase("the tail, which needs escapes")]
    [TestCase("csv in quotes")]
    [TestCase("csv the tail, which needs quotes")]
    public void Nothing_is_allocated_per_row(string name)
    {
        var (options, mask, data, _) = Cases[name];
        var copy = new MaskedCopy(1 << 20);
        copy.Begin(CopyBench.Plan(false, null, mask, null), CopyBench.Options(options), [false, false, false]);
        var (message, input, output) = (CopyBench.Messages(Bytes(data)), new byte[1000], new RelayOutput());
        long before = 0;
        for (var round = 0; round < 400; round++)
        {
            if (round == 200)
                before = GC.GetAllocatedBytesForCurrentThread();
            message.CopyTo(input, 0);
            var at = 0;
            copy.Take(input.AsSpan(0, message.Length), ref at, output);
            output.Clear();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200));
    }

    [Test]
    public void Masked_values_are_counted_and_NULL_is_none()
    {
        var plan = CopyBench.Plan(false, MaskKind.Redact);
        new CopyBench(plan, CopyBench.Options(""), [false], limit: 20).Feed(
            CopyBench.Messages(Bytes("a\n\\N\nb\\n\n")), [.. CopyBench.Messages(Bytes(new string('s', 100) + "\n"))]);
        var counter = new Counter();
        plan.Report(counter);
        Assert.That(counter.Total, Is.EqualTo(3));
    }

    private static CopyBench Bench(string name, int limit = 1 << 20)
    {
        var (options, mask, _, _) = Cases[name];
        return new CopyBench(CopyBench.Plan(false, null, mask, null), CopyBench.Options(options), [false, false, false], limit);
    }

    private static byte[] Play(string name, IReadOnlyList<byte[]> pieces, int limit = 1 << 20) => Bench(name, limit).Feed(pieces).Complete();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private sealed class Counter : IMaskStatistics
    {
        public int Total { get; private set; }

        public void CountMaskedValues(string rule, int count) => Total += count;
    }
}
