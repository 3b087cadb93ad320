using WireGuardian.Testing.Wire;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Attacks;

/// <summary>What somebody tries who may log in, speaks the protocol by hand and wants one masked value or one deletion that nobody allowed.</summary>
[TestFixture]
public sealed class AttackTests
{
    /// <summary>Reads the masked column only where a backslash escapes …</summary>
    private const string HiddenUnlessBackslashEscapes = """select '\' , ' || (select ssn from shop.people) --'""";

    /// <summary>… and only where it does not.</summary>
    private const string HiddenIfBackslashEscapes = """select '\' || (select ssn from shop.people) --'""";

    private AttackedDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Start() => _database = await AttackedDatabase.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _database.DisposeAsync();

    [Test]
    public async Task A_setting_changed_in_the_same_batch_hides_nothing()
    {
        await using var client = await _database.LogInAsync();
        await client.SendAsync(Parse("", "set standard_conforming_strings = off"), Bind("", ""), Execute(""), Flush);
        await client.ReadUntilAsync('C');
        await client.SendAsync(Parse("", HiddenUnlessBackslashEscapes), Bind("", ""), Describe('P', ""), Execute(""), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [Test]
    public async Task A_setting_changed_by_a_function_hides_nothing()
    {
        await using var client = await _database.LogInAsync();
        await client.SendAsync(Query("select shop.backslash()"), Query(HiddenUnlessBackslashEscapes));
        await client.ReadUntilAsync('Z');
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [TestCase("rollback")]
    [TestCase("select 1/0")]
    public async Task A_setting_that_the_end_of_its_transaction_takes_back_hides_nothing(string end)
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("begin");
        await client.QueryAsync("set standard_conforming_strings = off");
        await client.SendAsync(Query(end), Query("rollback"), Query(HiddenIfBackslashEscapes));
        await client.ReadUntilAsync('Z');
        await client.ReadUntilAsync('Z');
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [Test]
    public async Task A_cursor_under_the_name_of_a_closed_portal_is_masked_as_what_it_is()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("begin");
        await client.SendAsync(Parse("", "select 'x'::text"), Bind("c", ""), Describe('P', "c"), Sync);
        await client.ReadUntilAsync('Z');
        await client.QueryAsync("close c");
        await client.QueryAsync("declare c cursor for select ssn || '' from shop.people");
        await client.SendAsync(Execute("c"), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [Test]
    public async Task A_cursor_that_a_function_opened_under_a_known_name_is_masked()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("begin");
        await client.QueryAsync("declare c cursor for select 'x'::text");
        await client.QueryAsync("close c");
        await client.QueryAsync("select shop.reopen('c')");
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("fetch c"));
    }

    [Test]
    public async Task A_function_cannot_put_another_statement_under_a_prepared_name()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("prepare p as select 'x'::text");
        await client.QueryAsync("select shop.prepare_anew()");
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("execute p"));
    }

    [Test]
    public async Task A_portal_that_executes_by_name_is_not_masked_as_what_the_name_meant_before()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("begin");
        await client.QueryAsync("prepare p as select note from shop.notes");
        await client.SendAsync(Parse("", "execute p"), Bind("q", ""), Describe('P', "q"), Sync);
        await client.ReadUntilAsync('Z');
        await client.QueryAsync("deallocate p");
        await client.QueryAsync("prepare p as select ssn || '' from shop.people");
        await client.SendAsync(Execute("q"), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    /// <summary>The server tells names apart by 63 bytes.</summary>
    [Test]
    public async Task Two_spellings_of_one_long_name_are_one_statement_and_one_portal()
    {
        var name = new string('n', 63);
        await using var client = await _database.LogInAsync();
        await client.SendAsync(Parse(name + "1", "select 'x'::text"), Sync);
        await client.ReadUntilAsync('Z');
        await client.SendAsync(Close('S', name + "2"), Parse(name + "2", "select ssn || '' from shop.people"), Sync);
        await client.ReadUntilAsync('Z');
        await client.SendAsync(Bind("", name + "1"), Execute(""), Sync);
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [Test]
    public async Task A_view_replaced_while_the_statement_is_on_its_way_is_masked()
    {
        await using var client = await _database.LogInAsync();
        await client.QueryAsync("create or replace view shop.own as select 'x'::text as word");
        await client.SendAsync(Parse("s", "select word || '' from shop.own"), Bind("", "s"), Execute(""), Sync);
        await client.ReadUntilAsync('Z');
        await client.SendAsync(
            Query("create or replace view shop.own as select ssn as word from shop.people; select pg_sleep(0.5)"), Bind("", "s"), Execute(""), Sync);
        await client.ReadUntilAsync('Z');
        AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
    }

    [TestCase("select word || '' from shop.others")]
    [TestCase("copy (select word || '' from shop.others) to stdout")]
    public async Task A_view_that_another_session_replaces_while_the_statement_waits_for_its_lock_is_masked(string statement)
    {
        await using var other = await _database.LogInAsync();
        await other.QueryAsync("create or replace view shop.others as select 'x'::text as word");
        await using var client = await _database.LogInAsync();
        await other.QueryAsync("begin");
        await other.QueryAsync("create or replace view shop.others as select ssn as word from shop.people");
        await client.SendAsync(Query(statement));
        // Committed only once the server has the statement and waits, or the proxy has refused to send it meanwhile.
        var answer = client.ReadUntilAsync('Z', 'E');
        while (!answer.IsCompleted && (long)(await _database.AskServerAsync("select count(*) from pg_locks where not granted"))! == 0)
            await Task.Yield();
        await other.QueryAsync("commit");
        AttackedDatabase.AssertNoLeak(await answer);
    }

    /// <summary>The description of a COPY and the COPY itself look a name up one after the other.</summary>
    [TestCase("create view front.word as select ssn as word from shop.people; commit; drop view front.word")]
    [TestCase("revoke usage on schema back from current_user; commit; grant usage on schema back to current_user")]
    public async Task A_name_that_another_session_moves_back_and_forth_leaks_nothing(string moves)
    {
        await using var other = await _database.LogInAsync();
        await other.QueryAsync("create schema front; create schema back; create table back.word as select 'x'::text as word; create view shop.word as select ssn as word from shop.people");
        using var ended = new CancellationTokenSource();
        var moving = MoveAsync(other, moves, ended.Token);
        for (var attempt = 0; attempt < 60; attempt++)
        {
            await using var client = await _database.LogInAsync();
            await client.QueryAsync("set search_path = front, back, shop");
            await client.SendAsync([.. Enumerable.Repeat(Query("copy (select word.word from word, people limit 1) to stdout"), 5), Query("select 1")]);
            try
            {
                for (var answer = 0; answer < 6; answer++)
                    AttackedDatabase.AssertNoLeak(await client.ReadUntilAsync('Z'));
            }
            catch (EndOfStreamException)
            {
                // The proxy ends a session whose COPY it cannot be sure of.
            }
        }
        await ended.CancelAsync();
        await moving;
        await other.QueryAsync("drop schema front cascade; drop schema back cascade; drop view shop.word");
    }

    private static async Task MoveAsync(WireClient other, string moves, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
            await other.QueryAsync(moves);
    }

    [TestCase("do $$ begin create table shop.copy1 as select ssn from shop.people; end $$")]
    [TestCase("do $$ begin insert into shop.notes (note) select ssn from shop.people; end $$")]
    [TestCase("do $$ begin perform set_config('application_name', (select ssn from shop.people), false); end $$")]
    [TestCase("select shop.keep(ssn) from shop.people")]
    [TestCase("select * from shop.keeping")]
    [TestCase("set search_path = shop; select ssn ### 'x' from people")]
    [TestCase("select ssn::shop.noted_text from shop.people")]
    [TestCase("create rule r as on insert to shop.notes do also update shop.notes set note = (select ssn from shop.people)")]
    [TestCase("create function shop.copy_row() returns trigger language plpgsql as $$ begin insert into shop.notes (note) values (new.ssn); return new; end $$; "
        + "create trigger t after update on shop.people for each row execute function shop.copy_row()")]
    public async Task A_masked_value_is_not_copied(string statement)
    {
        await using var client = await _database.LogInAsync();
        var answer = await client.QueryAsync(statement);
        AttackedDatabase.AssertNoLeak(answer);
        Assert.That(answer.Single(frame => frame.Type == 'E').SqlState, Is.EqualTo("42501"));
        AttackedDatabase.AssertNoLeak(await client.QueryAsync("select note from shop.notes"));
    }

    [TestCase("select shop.purge()")]
    [TestCase("select * from shop.purging")]
    [TestCase("prepare x as select shop.purge()")]
    public async Task A_routine_deletes_nothing_that_a_rule_protects(string statement)
    {
        await using var client = await _database.LogInAsync();
        var answer = await client.QueryAsync(statement);
        Assert.That(answer.Single(frame => frame.Type == 'E').SqlState, Is.EqualTo("42501"));
    }
}
