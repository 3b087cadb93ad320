using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>Values in columns that no rule masks are looked into, and so is every other text that goes to the client.</summary>
public sealed class DetectionTests
{
    private const string Mail = "ada@quetzal.example";
    private const string Stars = "*******************";

    private static readonly DetectionRule Rule = new() { Name = "all", Detectors = DetectorSet.Of(Detector.EmailAddress) };

    [Test]
    public void What_is_found_in_a_row_becomes_stars_where_it_stands_and_is_counted()
    {
        var relay = Relay(Rule).Client(Query("select")).Server(Columns((People, 3), (0, 0)), Row($"to {Mail}, now", Mail), Row(null, "clean"));
        Assert.That(Sent(relay), Does.Contain($"to {Stars}, now").And.Not.Contain(Mail).And.Contain("clean"));
        Assert.That(relay.Detections, Is.EqualTo(new[] { "all EMAIL_ADDRESS 2" }));
    }

    [Test]
    public void A_rule_for_whole_values_leaves_what_redact_leaves()
    {
        var relay = Relay(Rule with { Mask = DetectionMaskKind.Value }).Client(Query("select")).Server(Columns((People, 3)), Row($"to {Mail}"), Row("to nobody"));
        Assert.That(Sent(relay), Does.Contain("***" + Stars).And.Contain("to nobody"));
    }

    [Test]
    public void A_rule_that_observes_counts_and_changes_nothing()
    {
        byte[][] answer = [Columns((People, 3)), Row($"to {Mail}"), Error("22023", $"bad {Mail}"), Ready()];
        var relay = Relay(Rule with { Observe = true }).Client(Query("select")).Server(answer);
        Assert.That(relay.ToClient.ToArray(), Is.EqualTo(answer.SelectMany(message => message)));
        Assert.That(relay.Detections, Is.EqualTo(new[] { "all EMAIL_ADDRESS 1", "all EMAIL_ADDRESS 1" }), "reported once per read");
    }

    [Test]
    public void Columns_are_excluded_by_their_own_names_and_not_by_those_of_the_result()
    {
        var rule = Rule with { Except = [new("public", "people", "id")] };
        var relay = Relay(rule).Client(Query("select")).Server(Columns((People, 1), (People, 3), (0, 0)), Row("id@quetzal.example", Mail, Mail));
        Assert.That(Sent(relay), Does.Contain("id@quetzal.example").And.Not.Contain(Mail));
    }

    [Test]
    public void Who_is_exempt_sees_values_as_they_are()
    {
        var relay = Relay(Rule with { Exempt = ["alice"] }).Client(Query("select")).Server(Columns((People, 3)), Row(Mail));
        Assert.That(Sent(relay), Does.Contain(Mail));
    }

    [Test]
    public void A_masked_column_has_its_mask_and_others_are_looked_into()
    {
        var relay = new RelayBench(detection: [Rule]).Client(Query("SELECT * FROM people")).Server(Columns((People, Masked), (People, 3)), Row("secret", $"to {Mail}"));
        Assert.That(Sent(relay), Does.Contain("******").And.Contain($"to {Stars}").And.Not.Contain("secret"));
    }

    [Test]
    public void Rows_that_nobody_asked_a_description_for_are_looked_into_as_well()
    {
        var relay = Relay(Rule).Client(Parse("", "select"), Bind("", ""), Execute(""), Sync);
        relay.Server(BackendMessage.ParseComplete, BackendMessage.BindComplete, Columns((People, 3)), Row(Mail), Complete("SELECT 1"), Ready());
        Assert.That(Sent(relay), Does.Contain(Stars).And.Not.Contain(Mail));
        Assert.That(relay.ServerSaw, Does.Contain("D"), "the proxy asks itself");
    }

    [Test]
    public void A_value_larger_than_the_buffer_is_looked_into_wherever_it_is_cut([Values(7, 4095, 20_000)] int piece)
    {
        var text = new string('x', 40_000) + $" {Mail} " + new string('y', 40_000);
        var relay = Relay(Rule).Client(Query("select")).Server(Columns((People, 3), (8, 1)));
        relay.Server([.. Row(text, "end").Chunk(piece)]).Server(Complete("SELECT 1"), Ready());
        Assert.That(Sent(relay), Does.Contain(text.Replace(Mail, Stars, StringComparison.Ordinal)).And.Contain("end"));
    }

    [Test]
    public void Errors_notices_and_notifications_are_looked_into()
    {
        var relay = Relay(Rule).Client(Query("select")).Server(Notice($"saw {Mail}"), Error("22023", $"bad {Mail}"), Ready());
        relay.Server(Typed('A', [0, 0, 0, 1, .. Encoding.ASCII.GetBytes($"channel\0{Mail}\0")]));
        Assert.That(Sent(relay), Does.Contain($"saw {Stars}").And.Contain($"bad {Stars}").And.Contain($"channel\0{Stars}").And.Not.Contain(Mail));
    }

    [Test]
    public void The_data_of_a_COPY_are_looked_into([Values] bool isLimited)
    {
        var relay = (isLimited ? Limited() : Relay(Rule)).Client(Query("COPY notes TO STDOUT")).Server(CopyOut(2), Typed('d', Encoding.ASCII.GetBytes($"1\t{Mail}\n")));
        Assert.That(Sent(relay), Does.Contain($"1\t{Stars}\n"));
    }

    /// <summary>The first message has the header before its row, the last is the trailer; a length can look like a digit.</summary>
    [Test]
    public void The_values_of_a_COPY_in_binary_are_looked_into_and_their_lengths_stay([Values] DetectionMaskKind mask)
    {
        byte[] Value(string text) => [0, 0, 0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
        var number = new string('x', 31) + " " + Mail;
        byte[] Row(string mail, string long_, string json) => [0, 4, .. Value(mail), 255, 255, 255, 255, .. Value(long_), 0, 0, 0, (byte)(json.Length + 1), 1, .. Encoding.UTF8.GetBytes(json)];
        byte[] header = [.. "PGCOPY\n"u8, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 2, 7, 7];
        var relay = Relay(Rule with { Mask = mask }).Client(Query("COPY notes TO STDOUT BINARY")).Server(
            CopyOut(4, binary: true), Typed('d', [.. header, .. Row(Mail, number, $"{{\"m\": \"{Mail}\"}}")]), Typed('d', [0, 1, 0, 0, 0, 4, 0, 0, 0, 9]), Typed('d', [255, 255]));
        var masked = mask == DetectionMaskKind.Value ? new string('*', number.Length) : number.Replace(Mail, Stars, StringComparison.Ordinal);
        Assert.That(relay.ToClient.ToArray(), Is.EqualTo((byte[])
            [.. CopyOut(4, binary: true), .. Typed('d', [.. header, .. Row(Stars, masked, $"{{\"m\": \"{Stars}\"}}")]), .. Typed('d', [0, 1, 0, 0, 0, 4, 0, 0, 0, 9]), .. Typed('d', [255, 255])]));
    }

    [TestCase("COPY notes TO STDOUT", "1\tto a@quetzal.example\\tnow\tclean\n", "1\t*************************\tclean\n")]
    [TestCase("COPY notes TO STDOUT (DELIMITER ';')", "1;to a@quetzal.example\\;now;clean\n", "1;*************************;clean\n")]
    [TestCase("COPY notes TO STDOUT (FORMAT csv)", "1,\"to a@quetzal.example, \"\"now\"\"\",clean,\"\"\n", "1,\"*****************************\",clean,\"\"\n")]
    [TestCase("COPY notes TO STDOUT (FORMAT csv, QUOTE '~', ESCAPE '!')", "1,~to a@quetzal.example !~ !! now~,~clean~\n", "1,~******************************~,~clean~\n")]
    [TestCase("COPY notes TO STDOUT (FORMAT csv)", "a@quetzal.example,\"two\na@quetzal.example\"\n", "*****************,\"*********************\"\n")]
    public void The_values_of_a_COPY_are_masked_as_wholes_where_the_rule_says_so(string copy, string row, string sent)
    {
        var relay = Relay(Rule with { Mask = DetectionMaskKind.Value }).Client(Query(copy)).Server(CopyOut(3), Typed('d', Encoding.ASCII.GetBytes(row)));
        Assert.That(Sent(relay), Does.Contain(sent));
    }

    [Test]
    public void A_message_of_a_COPY_that_is_too_long_to_be_kept_is_looked_into_in_windows([Values] bool isLimited)
    {
        var line = $"1\t{new string('x', 50_000)} {Mail}\n";
        var relay = (isLimited ? Limited() : Relay(Rule)).Client(Query("COPY notes TO STDOUT")).Server(CopyOut(2)).Server([.. Typed('d', Encoding.ASCII.GetBytes(line)).Chunk(5000)]);
        Assert.That(Sent(relay), Does.Contain(line.Replace(Mail, Stars, StringComparison.Ordinal)));
    }

    [Test]
    public void An_expression_is_looked_into_by_the_strictest_of_the_rules()
    {
        var observing = Rule with { Name = "first", Columns = [new("public", "people", "*")], Observe = true };
        var relay = Relay(observing, Rule with { Name = "second" }).Client(Query("select")).Server(Columns((People, 3), (0, 0)), Row("a@quetzal.example", Mail));
        Assert.That(Sent(relay), Does.Contain("a@quetzal.example").And.Not.Contain(Mail));
        Assert.That(relay.Detections, Is.EquivalentTo(new[] { "first EMAIL_ADDRESS 1", "second EMAIL_ADDRESS 1" }));
    }

    private static RelayBench Relay(params DetectionRule[] rules) => new(masking: false, holding: false, detection: rules);

    /// <summary>With a rule that would stop the result after many rows.</summary>
    private static RelayBench Limited() => new(
        masking: false, holding: false, detection: [Rule],
        rules: new ApprovalRule { Name = "reads", Kinds = StatementKinds.Select | StatementKinds.Export, Action = RuleAction.Allow, MaxRows = 1000 })
    {
        Approves = true,
    };

    private static string Sent(RelayBench relay) => Encoding.ASCII.GetString(relay.ToClient.ToArray());
}
