using System.Text;
using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>Statements and portals by name; and pipelines that try to make a name stand for a statement that was never judged.</summary>
public sealed class NamesTests
{
    private const string Drop = "drop table plain";

    [Test]
    public async Task Statements_and_portals_may_share_a_name_and_Close_frees_it()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(
            Parse("n", "select ssn from people where id = 1"), Bind("n", "n"), Execute("n"), Close('P', "n"), Bind("n", "n"), Execute("n"), Close('S', "n"), Parse("n", "select 2"),
            Bind("", "n"), Execute(""), Sync);
        Assert.That(frames.Types(), Is.EqualTo("12DC32DC312DCZ"));
        frames.AssertNothingSecret();
    }

    [TestCase("deallocate all")]
    [TestCase("discard all")]
    public async Task Names_are_gone_after(string statement)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.TalkAsync(Parse("n", "select 1"), Sync);
        await client.QueryAsync(statement);
        Assert.That((await client.TalkAsync(Parse("n", "select ssn from people"), Bind("", "n"), Execute(""), Sync)).Types(), Is.EqualTo("12DDDCZ"));
    }

    [Test]
    public async Task Portals_are_gone_after_CLOSE_ALL()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("begin");
        await client.TalkAsync(Parse("", "select v from plain"), Bind("p", ""), Execute("p", 1), Sync);
        await client.QueryAsync("close all");
        var frames = await client.TalkAsync(Parse("", "select ssn from people"), Bind("p", ""), Execute("p"), Sync);
        Assert.That(frames.Types(), Is.EqualTo("12DDDCZ"));
        frames.AssertNothingSecret();
    }

    private static byte[] Bytes(params byte[][] messages) => [.. messages.SelectMany(message => message)];

    private static string Long => new('n', 63);

    /// <summary>Each ends with an Execute that runs the DROP unless somebody stops it.</summary>
    private static IEnumerable<TestCaseData> Attacks()
    {
        yield return Attack("duplicate Parse in one batch", Bytes(Parse("s", Drop), Parse("s", "select 1"), Bind("", "s"), Execute(""), Sync), Bytes(Bind("", "s"), Execute(""), Sync));
        yield return Attack("duplicate Parse in a later batch", Bytes(Parse("s", Drop), Sync), Bytes(Parse("s", "select 1"), Sync, Bind("", "s"), Execute(""), Sync));
        yield return Attack(
            "unnamed statement after two skipped Parses",
            Bytes(Parse("", Drop), Sync), Bytes(Parse("x", "selec"), Parse("", "select 1"), Parse("", "select 2"), Sync), Bytes(Bind("", ""), Execute(""), Sync));
        yield return Attack(
            "unnamed statement after errors in two batches in flight",
            Bytes(Parse("", Drop), Sync),
            Bytes(Parse("x", "selec"), Parse("", "select 1"), Sync, Parse("y", "selec"), Parse("", "select 2"), Sync),
            Bytes(Bind("", ""), Execute(""), Sync));
        yield return Attack(
            "skipped Close and Parse of a name that PREPARE gave, in vain, too",
            Bytes(Parse("s", Drop), Sync), Query("prepare s as select 1"), Bytes(Parse("x", "selec"), Close('S', "s"), Parse("s", "select 1"), Sync),
            Bytes(Bind("", "s"), Execute(""), Sync));
        yield return Attack(
            "unnamed portal of an outer transaction after a skipped Query",
            Query("begin"), Bytes(Parse("d", Drop), Parse("sp", "savepoint a"), Parse("back", "rollback to a"), Bind("", "d"), Bind("psp", "sp"), Execute("psp"), Sync),
            Bytes(Parse("x", "selec"), Query("select 1"), Sync), Bytes(Bind("pback", "back"), Execute("pback"), Sync), Bytes(Execute(""), Sync), Query("commit"));
        yield return Attack(
            "names of more than 63 bytes",
            Bytes(Parse(Long + "a", "select 1"), Sync), Bytes(Close('S', Long + "b"), Sync), Bytes(Parse(Long + "b", Drop), Sync), Bytes(Bind("", Long + "a"), Execute(""), Sync));
        yield return Attack(
            "a name under two encodings",
            Query("set client_encoding = latin1"), Bytes(Latin1Parse("select 1"), Sync), Query("set client_encoding = utf8"), Bytes(Close('S', "é"), Sync),
            Bytes(Parse("é", Drop), Sync), Query("set client_encoding = latin1"), Bytes(Typed('B', [0, 0xE9, 0, 0, 0, 0, 0, 0, 0]), Execute(""), Sync));
        yield return Attack(
            "DROP behind an interrupted COPY",
            Bytes(Query("copy plain from stdin"), Parse("", Drop), Bind("", ""), Execute(""), Sync));
        yield return Attack("DROP behind a COPY that failed", Bytes(Query("copy plain from stdin"), CopyData("x\n"u8), CopyDone, Query(Drop)));
        yield return Attack("DROP in one Query behind others", Query($"select 1; {Drop}"));
        yield return Attack("DROP behind a comment", Query($"/* select /* 1 */ */ {Drop} -- select"));
        yield return Attack("DROP in a DO block", Query($"do $$ begin execute '{Drop}'; end $$"));
        yield return Attack("DROP after standard_conforming_strings = off", Query("set standard_conforming_strings = off"), Query(@"select '\'' as a; drop table plain; -- '"));
        yield return Attack(
            "DROP after standard_conforming_strings = off in the same go",
            Bytes(Query("set standard_conforming_strings = off"), Query(@"select '\'' as a; drop table plain; -- '")));

        static TestCaseData Attack(string name, params byte[][] turns) => new TestCaseData((object)turns).SetArgDisplayNames(name);
    }

    private static byte[] Latin1Parse(string sql) => Typed('P', [0xE9, 0, .. Encoding.ASCII.GetBytes(sql), 0, 0, 0]);

    [TestCaseSource(nameof(Attacks))]
    public async Task No_DROP_runs_that_was_not_approved(byte[][] turns)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = new List<WireFrame>();
        foreach (var turn in turns)
        {
            await client.SendAsync(turn);
            var syncs = Count(turn);
            try
            {
                while (syncs > 0 && !IsHeld(frames))
                {
                    frames.Add(await client.ReadFrameAsync());
                    syncs -= frames[^1].Type == 'Z' ? 1 : 0;
                    // A COPY that nobody feeds is ended by the message behind it.
                }
            }
            catch (EndOfStreamException)
            {
                break;
            }
        }
        Assert.That(await database.ExistsAsync("plain"), Is.True, string.Join('\n', frames));
    }

    [Test]
    public async Task The_attacks_would_work_without_the_proxy()
    {
        foreach (var attack in Attacks().Where(attack => !attack.TestName?.Contains("COPY", StringComparison.Ordinal) ?? true))
        {
            await using var database = await ChecklistProxy.OpenAsync();
            await using var client = await database.ConnectDirectlyAsync();
            foreach (var turn in (byte[][])attack.Arguments[0]!)
            {
                await client.SendAsync(turn);
                try
                {
                    await client.ReadReadyAsync(Count(turn));
                }
                catch (EndOfStreamException)
                {
                    break;
                }
            }
            TestContext.Out.WriteLine($"{attack.ArgDisplayNames?[0]}: the table {(await database.ExistsAsync("plain") ? "stands" : "is gone")}");
        }
    }

    private static bool IsHeld(List<WireFrame> frames) => frames.Any(frame => frame.Type == 'N' && frame.Message!.Contains("is held", StringComparison.Ordinal));

    /// <summary>How many ReadyForQuery the server sends for these messages, if none of them is skipped.</summary>
    private static int Count(byte[] turn)
    {
        var count = 0;
        var inBatch = false;
        for (var at = 0; at < turn.Length; at += 1 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(turn.AsSpan(at + 1)))
        {
            var type = (char)turn[at];
            if (type == 'S' || (type == 'Q' && !inBatch))
                count++;
            inBatch = type is not ('S' or 'Q');
        }
        return count;
    }
}
