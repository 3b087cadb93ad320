using System.Text.Json;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;

namespace WireGuardian.Cli.Tests.Commands;

/// <summary>What an operator types, against a server with fakes behind it.</summary>
public class CommandTests
{
    private const string Escape = "\u001b";
    private ControlPlaneHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await ControlPlaneHost.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Pending_prints_aligned_columns_of_at_most_80_characters()
    {
        _host.Queue.Set(Samples.Request("R7K2"));
        _host.Queue.Set(Samples.Request("Q9", "a_login_that_is_rather_long") with
        {
            Statement = "CREATE INDEX\n\tCONCURRENTLY people_by_email ON public.people (email) WHERE deleted_at IS NULL",
            Minimum = 2,
            ExpiresAt = Samples.Noon.AddHours(2),
        });
        var run = await Run.AgainstAsync(_host, "pending");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var lines = run.Out.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(lines[0], Does.Match("^ID +LEFT +OK +USER +DATABASE +KINDS +ROWS +STATEMENT$"));
        Assert.That(lines[1], Does.Match("^R7K2 +5m 00s +0/1 +ana +shop +delete,.* +DELETE FROM .*…$"));
        Assert.That(lines[2], Does.Match("^Q9 +1h 55m +0/2 +a_login_.* +shop +.* +CREATE INDEX C.*…$"));
        var column = lines[0].IndexOf("STATEMENT", StringComparison.Ordinal);
        Assert.That(lines[1][column..], Does.StartWith("DELETE"));
        Assert.That(lines[2][column..], Does.StartWith("CREATE"));
    }

    [Test]
    public async Task Pending_with_nothing_pending_says_so_on_stderr()
        => Assert.That(await Run.AgainstAsync(_host, "pending"), Is.EqualTo(new Run(0, "", "Nothing is pending.\n")));

    [Test]
    public async Task Pending_as_json_is_one_array_with_the_contracts_names()
    {
        _host.Queue.Set(Samples.Request("R7K2") with { Approvals = [new ApprovalDecision("erin", true, "fine", Samples.Noon)], Minimum = 2 });
        var run = await Run.AgainstAsync(_host, "pending", "--output", "json");
        var request = JsonDocument.Parse(run.Out).RootElement.EnumerateArray().Single();
        string[] names =
        [
            "id", "state", "listener", "protocol", "user", "database", "client", "application", "statement", "kinds", "relations", "rule",
            "createdAt", "expiresAt", "approvals",
        ];
        Assert.That(request.EnumerateObject().Select(p => p.Name), Is.SupersetOf(names));
        Assert.That(request.GetProperty("state").GetString(), Is.EqualTo("pending"));
        Assert.That(request.GetProperty("createdAt").GetString(), Is.EqualTo("2025-06-01T12:00:00Z"));
        Assert.That(request.GetProperty("kinds").EnumerateArray().Select(k => k.GetString()), Is.EqualTo(new[] { "delete", "explain" }));
        var approval = request.GetProperty("approvals").EnumerateArray().Single();
        Assert.That(approval.GetProperty("operator").GetString(), Is.EqualTo("erin"));
        Assert.That(approval.GetProperty("approved").GetBoolean(), Is.True);
    }

    [TestCase("pending")]
    [TestCase("audit")]
    public async Task A_list_without_rows_is_an_empty_array_in_json(string command)
        => Assert.That((await Run.AgainstAsync(_host, command, "--output", "json")).Out, Is.EqualTo("[]\n"));

    [Test]
    public async Task Show_prints_everything_and_the_whole_statement()
    {
        _host.Queue.Set(Samples.Request("R7K2") with
        {
            Statement = "DELETE FROM people\nWHERE id = ?",
            Minimum = 2,
            Approvals = [new ApprovalDecision("erin", true, "looks fine", Samples.Noon)],
        });
        var run = await Run.AgainstAsync(_host, "show", " r7k2 ");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Out, Is.EqualTo("""
            Request      R7K2
            State        pending, 5m 00s left
            Created      2025-06-01 12:00:00Z
            Expires      2025-06-01 12:10:00Z
            User         ana
            From         192.0.2.7
            Application  psql
            Database     shop
            Listener     app-pg (postgres)
            Kinds        delete, explain
            Relations    public.people
            Rule         writes
            Reason       Rule writes holds delete.
            Approvals    1 of 2, by operators of dba
                         erin approved 2025-06-01 12:00:00Z: looks fine
            Digest       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            Statement    2 lines, literals masked:
                DELETE FROM people
                WHERE id = ?

            """));
    }

    [Test]
    public async Task Show_tells_what_is_known_around_it()
    {
        _host.Queue.Set(Samples.Request("R7K2") with
        {
            Context = new()
            {
                Environment = "production",
                RequesterReason = $"ticket 4711{Escape}[2J",
                Parameters = [new("text", 6), new("unspecified", -1)],
                InvolvesMasked = true,
                Reads = [new("public.people", 1200), new("new_table", null)],
                Writes = [new("public.kept", 1)],
                Columns = [new("ssn", "plain", ["public.people.ssn"], "redact", "contact-details", "It is."), new("", "derived", [], "", "", "It comes from no column.")],
                ColumnsNote = "The first 2 of 3 columns are shown.",
                Plan = PlanEstimate.Of(40),
                TransactionStatements = 2,
                TransactionKinds = StatementKinds.Transaction | StatementKinds.Insert,
                Similar = new(3, 1, "omar", true, Samples.Noon),
            },
        });
        var shown = (await Run.AgainstAsync(_host, "show", "R7K2")).Out;
        Assert.That(shown, Does.Contain("""
            Environment  production

            """.TrimEnd()).And.Contain(@"They say     ticket 4711\u001b[2J").And.Contain("Values       1 text 6 bytes, 2 unspecified NULL")
            .And.Contain("Masking      may read masked columns").And.Contain("Reads        public.people (about 1200 rows), new_table").And.Contain("Writes       public.kept (about 1 row)")
            .And.Contain("Plan         about 40 rows").And.Contain("Result       ssn: redact by contact-details, plain of public.people.ssn").And.Contain("             column 2: shown, derived")
            .And.Contain("The first 2 of 3 columns are shown.").And.Contain("Transaction  2 statements so far: insert, transaction")
            .And.Contain("Similar      3 approved, 1 denied; last approved by omar 2025-06-01 12:00:00Z"));
        var context = JsonDocument.Parse((await Run.AgainstAsync(_host, "show", "R7K2", "--output", "json")).Out).RootElement.GetProperty("context");
        Assert.That(context.GetProperty("parameters")[0].GetProperty("length").GetInt32(), Is.EqualTo(6));
        Assert.That(context.GetProperty("similar").GetProperty("approved").GetInt32(), Is.EqualTo(3));
        Assert.That(context.GetProperty("reads").ToString(), Does.Contain("1200").And.Contain("null"));
        Assert.That(context.GetProperty("columns")[0].GetProperty("mask").GetString(), Is.EqualTo("redact"));
        Assert.That(context.GetProperty("plan").GetProperty("rows").GetInt64(), Is.EqualTo(40));
        var listed = JsonDocument.Parse((await Run.AgainstAsync(_host, "pending", "--output", "json")).Out).RootElement[0].GetProperty("context");
        Assert.That(listed.GetProperty("plan").GetProperty("rows").GetInt64(), Is.EqualTo(40));
        Assert.That((listed.GetProperty("columns").GetArrayLength(), listed.GetProperty("parameters").GetArrayLength()), Is.EqualTo((0, 0)), "lists stay short");
        Assert.That((await Run.AgainstAsync(_host, "pending")).Out, Does.Match("(?m)^ID .*ROWS").And.Match("(?m)^R7K2 .* 40 "));
    }

    [Test]
    public async Task A_clients_escape_sequences_never_reach_the_terminal()
    {
        _host.Queue.Set(Samples.Request("R7K2") with
        {
            Statement = $"SELECT 1 {Escape}[2J{Escape}]0;owned\u0007 \u009b31m \u202eeslaf -- \r\nfake",
            Application = $"psql{Escape}[1A\nState        approved",
        });
        _host.Audit.Append(Samples.Record(AuditEvents.Hold) with { Statement = $"{Escape}[31m\u202e" });
        string[][] commands = [["pending"], ["show", "R7K2"], ["show", "R7K2", "--output", "json"], ["audit"], ["audit", "--output", "json"]];
        foreach (var command in commands)
        {
            var run = await Run.AgainstAsync(_host, command);
            Assert.That(run.ExitCode, Is.Zero, run.Error);
            Assert.That(run.Out, Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]"), string.Join(' ', command));
        }

        var show = (await Run.AgainstAsync(_host, "show", "R7K2")).Out;
        Assert.That(show, Does.Contain(@"\u001b[2J").And.Contain(@"\u202e"));
        Assert.That(show.Split('\n').Count(l => l.StartsWith("State ", StringComparison.Ordinal)), Is.EqualTo(1));
        var json = JsonDocument.Parse((await Run.AgainstAsync(_host, "show", "R7K2", "--output", "json")).Out);
        Assert.That(json.RootElement.GetProperty("statement").GetString(), Is.EqualTo(_host.Queue.Find("R7K2")!.Statement));
    }

    [Test]
    public async Task Approve_counts_and_exits_with_0()
    {
        _host.Queue.Set(Samples.Request("R7K2"));
        Assert.That(await Run.AgainstAsync(_host, "approve", "r7k2", "--reason", "ok"), Is.EqualTo(new Run(0, "Approved R7K2.\n", "")));
        Assert.That(_host.Queue.Find("R7K2")!.Approvals.Single().Reason, Is.EqualTo("ok"));
    }

    [Test]
    public async Task A_first_approval_of_two_exits_with_0_and_the_state_stays_pending()
    {
        _host.Queue.Set(Samples.Request("R7K2") with { Minimum = 2 });
        var run = await Run.AgainstAsync(_host, "approve", "R7K2", "--output", "json");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(JsonDocument.Parse(run.Out).RootElement.GetProperty("state").GetString(), Is.EqualTo("pending"));
    }

    [Test]
    public async Task An_approval_takes_its_conditions_along()
    {
        _host.Queue.Set(Samples.Request("R7K2") with { CanLimitRows = true });
        var run = await Run.AgainstAsync(_host, "approve", "R7K2", "--valid-for", "2m", "--max-rows", "50");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var decision = _host.Queue.Find("R7K2")!.Approvals.Single();
        Assert.That((decision.ValidUntil, decision.MaxRows, decision.Channel), Is.EqualTo((Samples.Noon.AddMinutes(2), 50L, "grpc")));
        Assert.That((await Run.AgainstAsync(_host, "show", "R7K2")).Out, Does.Contain("valid until 2025-06-01 12:02:00Z, for at most 50 rows"));
    }

    [Test]
    public async Task A_condition_that_cannot_be_kept_is_refused_rather_than_ignored()
    {
        _host.Queue.Set(Samples.Request("R7K2"));
        Assert.That(await Run.AgainstAsync(_host, "approve", "R7K2", "--max-rows", "50"), Is.EqualTo(new Run(1, "", "wgctl: Rows cannot be limited.\n")));
        Assert.That(_host.Queue.Find("R7K2")!.Approvals, Is.Empty);
    }

    [Test]
    public async Task Several_are_approved_one_by_one_and_only_all_of_them_exit_with_0()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Queue.Set(Samples.Request("R2", user: "dana"));
        _host.Queue.Set(Samples.Request("R3") with { Minimum = 2 });
        var run = await Run.AgainstAsync(_host, "approve", "R1", "r2", "R3");
        Assert.That(run, Is.EqualTo(new Run(
            1, "Approved R1.\nYour approval of R3 counts: 1 of 2. It stays pending until there are 2.\n", "wgctl: r2: Nobody approves their own request.\n")));
        _host.Queue.Set(Samples.Request("R4"));
        _host.Queue.Set(Samples.Request("R5"));
        var json = await Run.AgainstAsync(_host, "approve", "R4", "R5", "--output", "json");
        Assert.That(json.ExitCode, Is.Zero, json.Error);
        var results = JsonDocument.Parse(json.Out).RootElement.EnumerateArray().ToList();
        Assert.That(results.Select(result => (result.GetProperty("id").GetString(), result.GetProperty("counted").GetBoolean())), Is.EqualTo(new[] { ("R4", true), ("R5", true) }));
        _host.Queue.Set(Samples.Request("R6"));
        Assert.That(_host.Queue.Find("R6")!.State, Is.EqualTo(ApprovalState.Pending), "no approval in advance");
    }

    [Test]
    public async Task Break_glass_is_seen_by_everybody()
    {
        _host.Queue.Set(Samples.Request("R7K2") with { Minimum = 3 });
        var run = await Run.AgainstAsync(_host, "break-glass", "R7K2", "--reason", "production is down");
        Assert.That(run, Is.EqualTo(new Run(0, "Broke the glass for R7K2. It is on record.\n", "")));
        var shown = (await Run.AgainstAsync(_host, "show", "R7K2")).Out;
        Assert.That(shown, Does.Contain("BREAK-GLASS").And.Contain("dana BROKE THE GLASS 2025-06-01 12:00:00Z: production is down"));
    }

    [Test]
    public async Task Deny_counts_and_exits_with_0()
    {
        _host.Queue.Set(Samples.Request("R7K2"));
        Assert.That(await Run.AgainstAsync(_host, "deny", "R7K2", "--reason", "no"), Is.EqualTo(new Run(0, "Denied R7K2.\n", "")));
        Assert.That(_host.Queue.Find("R7K2")!.State, Is.EqualTo(ApprovalState.Denied));
    }

    [Test]
    public async Task A_decision_that_does_not_count_exits_with_1()
    {
        _host.Queue.Set(Samples.Request("R1") with { State = ApprovalState.Expired });
        _host.Queue.Set(Samples.Request("R2", user: "dana"));
        Assert.That(await Run.AgainstAsync(_host, "approve", "R1"), Is.EqualTo(new Run(1, "", "wgctl: The request is no longer pending.\n")));
        Assert.That(await Run.AgainstAsync(_host, "approve", "R2"), Is.EqualTo(new Run(1, "", "wgctl: Nobody approves their own request.\n")));
        Assert.That(await Run.AgainstAsync(_host, "deny", "R3", "--reason", "x"), Is.EqualTo(new Run(1, "", "wgctl: There is no request with this id.\n")));
        Assert.That((await Run.AgainstAsync(_host, "show", "R3")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Audit_prints_the_newest_last()
    {
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, "R7K2"));
        _host.Audit.Append(Samples.Record(AuditEvents.Approve, "R7K2") with { Operator = "dana", Time = Samples.Noon.AddMinutes(1), Count = 2 });
        var run = await Run.AgainstAsync(_host, "audit");
        var lines = run.Out.TrimEnd().Split('\n');
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(lines[1], Does.Match("^1 +2025-06-01 12:00:00Z +hold +ana +R7K2 +hold +DELETE"));
        Assert.That(lines[2], Does.Match("^2 +2025-06-01 12:01:00Z +approve +dana +R7K2 +hold +2 × DELETE"));
    }

    [Test]
    public async Task Audit_as_json_has_the_contracts_names()
    {
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, "R7K2"));
        var run = await Run.AgainstAsync(_host, "audit", "--output", "json");
        var record = JsonDocument.Parse(run.Out).RootElement.EnumerateArray().Single();
        string[] names =
        [
            "sequence", "time", "event", "requestId", "principal", "operator", "listener", "database", "statement", "kinds", "decision", "rule", "hash",
        ];
        Assert.That(record.EnumerateObject().Select(p => p.Name), Is.SupersetOf(names));
        Assert.That(record.GetProperty("sequence").GetInt64(), Is.EqualTo(1));
    }

    [TestCase("--since", "1m", 2)]
    [TestCase("--since", "2025-06-01T12:04:30Z", 2)]
    [TestCase("--since", "2025-06-01 14:04:30+02:00", 2)]
    [TestCase("--since", "1h", 3)]
    [TestCase("--limit", "1", 1)]
    [TestCase("--request", " r1 ", 1)]
    public async Task Audit_is_narrowed(string option, string value, int records)
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, "R1"));
        _host.Audit.Append(Samples.Record(AuditEvents.Login) with { Time = Samples.Noon.AddSeconds(280) });
        _host.Audit.Append(Samples.Record(AuditEvents.Logout) with { Time = Samples.Noon.AddSeconds(290) });
        var run = await Run.AgainstAsync(_host, "audit", option, value, "--output", "json");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(JsonDocument.Parse(run.Out).RootElement.GetArrayLength(), Is.EqualTo(records));
    }

    [Test]
    public async Task Info_tells_what_the_server_is_and_who_asks()
    {
        _host.Audit.Append(Samples.Record(AuditEvents.Start));
        var run = await Run.AgainstAsync(_host, "info");
        Assert.That(run.Out, Does.Contain("Version      1.2.3").And.Contain("You are      dana").And.Contain("Audit head   1 hash1"));
        var json = JsonDocument.Parse((await Run.AgainstAsync(_host, "info", "--output", "json")).Out).RootElement;
        Assert.That(json.GetProperty("listeners")[0].GetProperty("name").GetString(), Is.EqualTo("app-pg"));
        Assert.That(json.GetProperty("auditHead").GetProperty("sequence").GetInt64(), Is.EqualTo(1));
    }
}
