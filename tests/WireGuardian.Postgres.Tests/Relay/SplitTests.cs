using System.Text;
using WireGuardian.Testing.Wire;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>What comes out does not depend on where a network cuts: whole, one byte at a time, cut at every index.</summary>
public sealed class SplitTests
{
    /// <summary>Client and server in turns.</summary>
    private static readonly Dictionary<string, byte[][]> Exchanges = new()
    {
        ["a masked query"] =
        [
            Query("SELECT * FROM people"),
            [.. Columns((People, 1), (People, Masked), (0, 0)), .. Row("1", "secret", "SECRET"), .. Row(null, null, null), .. Row("", "", ""), .. Complete("SELECT 3"), .. Ready()],
        ],
        ["extended without Describe"] =
        [
            [.. Parse("s", "SELECT ssn FROM people"), .. Bind("", "s"), .. Execute(""), .. Sync],
            [.. ParseComplete, .. BindComplete, .. Columns((People, Masked)), .. Row("secret"), .. Complete("SELECT 1"), .. Ready()],
        ],
        ["refused inside a batch"] =
        [
            [.. Parse("", "DROP TABLE people"), .. Bind("", ""), .. Execute(""), .. Parse("", "SELECT 1"), .. Sync],
            [.. ParseComplete, .. BindComplete],
            [],
            [.. Error("34000", "portal \"refused\" does not exist"), .. Ready()],
        ],
        ["errors, notices, settings"] =
        [
            [.. Query("SELECT ssn FROM people"), .. Query(""), .. Query("SET client_encoding = latin1")],
            [
                .. Notice("value \"secret\""), .. Error("22000", "\"secret\""), .. Ready(), .. EmptyQuery, .. Ready(), .. Complete("SET"),
                .. Parameter("client_encoding", "LATIN1"), .. Ready(),
            ],
        ],
        ["COPY in"] =
        [
            Query("COPY t FROM STDIN"),
            CopyIn,
            [.. CopyData("1\tx\n"u8), .. Flush, .. Sync, .. CopyDone],
            [.. Complete("COPY 1"), .. Ready()],
        ],
        ["COPY out"] =
        [
            Query("COPY people TO STDOUT"),
            [
                .. ParseComplete, .. ParameterDescription, .. Columns((People, 1), (People, Masked)), .. CopyOut(2), .. CopyData("1\tsecret\n2\tSE"u8),
                .. CopyData("CRET\n"u8), .. CopyDone, .. Complete("COPY 2"), .. Ready(), .. Ready(),
            ],
        ],
        ["a portal with a row limit, and names"] =
        [
            [.. Parse("s", "SELECT ssn FROM people"), .. Bind("p", "s"), .. Describe('P', "p"), .. Execute("p", 1), .. Execute("p", 1), .. Close('P', "p"), .. Close('S', "s"), .. Sync],
            [
                .. ParseComplete, .. BindComplete, .. Columns((People, Masked)), .. Row("secret"), .. PortalSuspended, .. Row("secret"), .. Complete("SELECT 1"),
                .. CloseComplete, .. CloseComplete, .. Ready(),
            ],
        ],
        ["a function call"] =
        [
            FunctionCall(7, [], [[1, 2, 3]], 0),
            [.. Error("42883", "function 0 does not exist"), .. Ready()],
        ],
    };

    private static IEnumerable<string> Names => Exchanges.Keys;

    [TestCaseSource(nameof(Names))]
    public void Whatever_the_cuts_the_same_bytes_come_out(string name)
    {
        var turns = Exchanges[name];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var cut = turn;
            ByteSplitter.AssertSame(turns[turn], pieces => Play(turns, cut, pieces));
        }
        var all = Play(turns, -1, []);
        Assert.That(all, Does.Not.Contain("secret").IgnoreCase);
    }

    [TestCaseSource(nameof(Names))]
    public void All_turns_one_byte_at_a_time(string name)
    {
        var turns = Exchanges[name];
        var single = turns.Select(turn => turn.Select(value => (byte[])[value]).ToArray()).ToArray();
        Assert.That(Play(single), Is.EqualTo(Play(turns, -1, [])));
    }

    private static string Play(byte[][] turns, int cut, IReadOnlyList<byte[]> pieces) =>
        Play([.. turns.Select((turn, index) => index == cut ? [.. pieces] : (byte[][])[turn])]);

    private static string Play(byte[][][] turns)
    {
        var relay = new RelayBench().Server(Ready());
        for (var turn = 0; turn < turns.Length; turn++)
            _ = turn % 2 == 0 ? relay.Client(turns[turn]) : relay.Server(turns[turn]);
        // The portal that cannot exist has a random name.
        var toServer = System.Text.RegularExpressions.Regex.Replace(Encoding.Latin1.GetString(relay.ToServer.ToArray()), "[0-9a-f]{32}", "(random)");
        return $"to the server: {toServer}\nto the client: {Encoding.Latin1.GetString(relay.ToClient.ToArray())}";
    }
}
