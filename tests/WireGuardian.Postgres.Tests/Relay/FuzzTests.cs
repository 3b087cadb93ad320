using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;
using WireGuardian.Testing.Programs;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>
/// Any bytes in both directions, cut anywhere: a <see cref="ProtocolException"/> or progress, never another exception, never a hang, and no more kept unread
/// than one message may be. What once failed lies in protocol-fixtures/postgres/crashers: each a file of turns, of which the first byte says
/// who sends (C or S) and the next two how many bytes.
/// </summary>
public sealed class FuzzTests
{
    private static readonly byte[][] ClientWords =
    [
        Query("SELECT ssn FROM people"), Query("DROP TABLE t"), Query(""), Query("COPY t FROM STDIN"), Query("EXECUTE s"), Query("FETCH ALL FROM p"),
        Parse("s", "SELECT ssn FROM people"), Parse("", "DELETE FROM t"), Parse("s", "SET client_encoding = sjis"), Bind("", ""), Bind("p", "s"), Bind("p", "s", "value"),
        Describe('S', "s"), Describe('P', "p"), Describe('P', ""), Execute("p", 1), Execute(""), Close('S', "s"), Close('P', "p"), Sync, Flush, CopyData("x"u8), CopyDone,
        CopyFail("no"), FunctionCall(1, [], [], 0), Query("BEGIN"), Query("PREPARE s AS SELECT 1; DECLARE p CURSOR FOR SELECT ssn FROM people"),
    ];

    private static readonly byte[][] ServerWords =
    [
        ParseComplete, BindComplete, CloseComplete, NoData, PortalSuspended, EmptyQuery, CopyIn, Complete("SELECT 1"), Complete("DISCARD ALL"), Ready(), Ready('T'), Ready('E'),
        Error("42601", "\"secret\""), Notice("x"), Parameter("client_encoding", "SJIS"), Parameter("standard_conforming_strings", "off"), Columns((People, Masked)),
        Columns((0, 0), (People, 1)), Columns(), Row("secret"), Row("a", "b"), Row(), Row((string?)null), Typed('H', [0, 0, 0]), Typed('t', [0, 0]), Typed('V', [0, 0, 0, 0]),
        Typed('A', [0, 0, 0, 1, 0, 0]), Typed('K', [0, 0, 0, 1, 0, 0, 0, 2]),
    ];

    [Test]
    public void Any_bytes_give_progress_or_a_ProtocolException([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var turns = Turns(random);
            try
            {
                Play(turns);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {exception}\n{Convert.ToHexString(Write(turns))}");
            }
        }
    }

    [TestCaseSource(nameof(Crashers))]
    public void What_once_failed_does_not_any_more(string file) => Assert.That(() => Play(Read(File.ReadAllBytes(file))), Throws.Nothing);

    private static IEnumerable<TestCaseData> Crashers()
    {
        var folder = Path.Combine(Repository.ProtocolFixtures, "postgres", "crashers");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.bin").Select(file => new TestCaseData(file).SetArgDisplayNames(Path.GetFileName(file))) : [];
    }

    private static void Play(List<(bool Client, byte[] Bytes)> turns)
    {
        var relay = new RelayBench { Approves = turns.Count % 2 == 0 };
        try
        {
            foreach (var (client, bytes) in turns)
            {
                if (relay.ClientNeed == RelayNeed.End)
                    break;
                _ = client ? relay.Client(bytes) : relay.Server(bytes);
                if (relay.Unread > 64 << 10)
                    throw new InvalidOperationException($"{relay.Unread} bytes are kept unread");
            }
        }
        catch (ProtocolException)
        {
            // The session ends with an error in the protocol.
        }
    }

    private static List<(bool, byte[])> Turns(Random random)
    {
        var turns = new List<(bool, byte[])>();
        for (var turn = random.Next(1, 30); turn > 0; turn--)
        {
            var client = random.Next(2) == 0;
            var words = client ? ClientWords : ServerWords;
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 5)).SelectMany(_ => words[random.Next(words.Length)])];
            if (random.Next(6) == 0)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(40) == 0)
                random.NextBytes(bytes);
            var cut = random.Next(bytes.Length + 1);
            turns.Add((client, bytes[..cut]));
            if (random.Next(10) > 0)
                turns.Add((client, bytes[cut..]));
        }
        return turns;
    }

    private static byte[] Write(IEnumerable<(bool Client, byte[] Bytes)> turns) =>
        [.. turns.SelectMany(turn => (byte[])[(byte)(turn.Client ? 'C' : 'S'), (byte)(turn.Bytes.Length >> 8), (byte)turn.Bytes.Length, .. turn.Bytes])];

    private static List<(bool, byte[])> Read(byte[] file)
    {
        var turns = new List<(bool, byte[])>();
        for (var at = 0; at < file.Length;)
        {
            var length = (file[at + 1] << 8) | file[at + 2];
            turns.Add((file[at] == 'C', file[(at + 3)..(at + 3 + length)]));
            at += 3 + length;
        }
        return turns;
    }
}
