using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>How text reads, several statements in one, messages that may come at any time, function calls.</summary>
public sealed class TextTests
{
    [TestCase("")]
    [TestCase("-- nothing")]
    [TestCase("/* nothing */ ;;")]
    public async Task Empty_and_comment_only_statements(string text)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        Assert.That((await client.QueryAsync(text)).Types(), Is.EqualTo("IZ"));
        if (!text.Contains(";;", StringComparison.Ordinal))
            Assert.That((await client.TalkAsync(Parse("", text), Bind("", ""), Execute(""), Sync)).Types(), Is.EqualTo("12IZ"));
    }

    [Test]
    public async Task Several_statements_in_one_Query_are_judged_before_any_is_sent()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.QueryAsync("insert into plain values (300, 'x'); delete from people");
        Assert.That((frames.Types(), frames.Error().SqlState), Is.EqualTo(("EZ", "42501")));
        Assert.That(await database.Database.ScalarAsync("select count(*) from plain where id = 300"), Is.EqualTo(0L));
    }

    [Test]
    public async Task Each_of_several_results_in_one_Query_has_its_own_plan()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.QueryAsync("select id, ssn from people; select id, name from people; select ssn, id from people");
        frames.AssertNothingSecret();
        Assert.That(frames.Where(frame => frame.Type == 'D').Select(row => row.Texts[1]), Has.Some.EqualTo("ann").And.Some.EqualTo("1"));
    }

    [Test]
    public async Task A_changed_client_encoding_in_the_same_pipeline()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Query("set client_encoding = sjis"), Query("select ssn from people"), Query("select upper(ssn) from people"), Query("drop table plain"));
        (await client.ReadReadyAsync(3)).AssertNothingSecret();
        Assert.That((await client.ReadUntilAsync('N'))[^1].Message, Does.Contain("is held"));
    }

    [Test]
    public async Task Changed_standard_conforming_strings_in_the_same_pipeline_and_the_same_batch()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        const string hidden = @"select '\'', upper(ssn), lower(name) from people -- '";
        await client.SendAsync(Query("set standard_conforming_strings = off"), Query(hidden));
        var frames = await client.ReadReadyAsync(2);
        Assert.That(frames.Count(frame => frame.Type == 'D'), Is.EqualTo(3));
        frames.AssertNothingSecret();

        await using var other = await database.ConnectAsync();
        await other.SendAsync(Parse("", "set standard_conforming_strings = off"), Bind("", ""), Execute(""), Flush);
        await other.ReadUntilAsync('C');
        // The server has not said yet what became of the setting: such a text cannot be read for sure, so it is held.
        await other.SendAsync(Parse("", hidden), Bind("", ""), Execute(""), Sync);
        (await other.ReadUntilAsync('N')).AssertNothingSecret();
    }

    [Test]
    public async Task Notices_notifications_and_settings_come_in_their_places()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("listen news");
        var frames = await client.QueryAsync("set application_name = 'other'; notify news, 'x'; set datestyle = 'German'");
        Assert.That(frames.Types().Order(), Is.EqualTo("ACCCSSZ".Order()));
        await client.SendAsync(Query("do 'begin raise notice $n$here$n$; end'"));
        Assert.That((await client.ReadUntilAsync('N')).Types(), Does.EndWith("N"));
    }

    [Test]
    public async Task A_function_call_is_refused_and_the_connection_goes_on()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(FunctionCall(1598, [], [], 0));
        Assert.That((frames.Types(), frames.Error().SqlState), Is.EqualTo(("EZ", "42501")));
        Assert.That((await client.QueryAsync("select 1")).Types(), Is.EqualTo("TDCZ"));
    }

    [Test]
    public async Task SET_ROLE_changes_nothing_about_what_is_masked()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        foreach (var statement in (string[])["set role pg_read_all_data", "select ssn from people", "reset role", "set session authorization pg_read_all_data", "select ssn from people"])
            (await client.QueryAsync(statement)).AssertNothingSecret();
    }
}
