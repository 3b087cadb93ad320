using System.Text;
using WireGuardian.Proxy;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>Rows larger than the buffer are masked while they pass.</summary>
public sealed class StreamedRowTests
{
    private const int Large = 100_000;

    [Test]
    public void A_value_that_straddles_reads_is_masked_wherever_it_is_cut([Values(1, 7, 16, 17, 4095, 4096, 65536)] int piece)
    {
        var row = Row("1", new string('s', Large), "end");
        var relay = Described();
        relay.Server([.. row.Chunk(piece)]).Server(Complete("SELECT 1"), Ready());
        Assert.That(Tail(relay), Is.EqualTo(Encoding.ASCII.GetString(Row("1", new string('*', Large), "end"))));
    }

    [Test]
    public void Nothing_of_the_rows_size_is_kept()
    {
        var relay = Described();
        var row = Row("1", new string('s', Large), "end");
        var unread = relay.ServerUnread(row[..^10]);
        Assert.That(unread, Is.LessThan(64));
    }

    [Test]
    public void A_row_that_does_not_match_its_description_ends_the_session_and_nothing_of_it_is_sent_in_clear()
    {
        var row = Row("1", new string('s', Large));
        Assert.That(() => Described().Server([.. row.Chunk(4096)]), Throws.TypeOf<ProtocolException>());
    }

    private static RelayBench Described() =>
        new RelayBench().Client(Query("SELECT * FROM people")).Server(Columns((8, 1), (People, Masked), (8, 2)));

    private static string Tail(RelayBench relay)
    {
        var sent = Encoding.ASCII.GetString(relay.ToClient.ToArray());
        var start = Columns((8, 1), (People, Masked), (8, 2)).Length;
        return sent[start..^(Complete("SELECT 1").Length + Ready().Length)];
    }
}
