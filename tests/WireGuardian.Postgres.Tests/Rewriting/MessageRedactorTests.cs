using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Rewriting;

namespace WireGuardian.Postgres.Tests.Rewriting;

public sealed class MessageRedactorTests
{
    private static readonly string[] Secrets = ["quix", "wolf", "zarbon", "9182", "1987", "1234.56"];

    private static IEnumerable<TestCaseData> ServerMessages() =>
        ServerMessage.All.Select((message, index) => new TestCaseData(message).SetArgDisplayNames($"{index}: {message.Statement}"));

    [TestCaseSource(nameof(ServerMessages))]
    public void What_the_server_said_keeps_its_sense_and_loses_its_values(ServerMessage message)
    {
        var left = Redact(message.Fields, message.Identifiers);
        Assert.That(Array.Exists(Secrets, secret => left.Contains(secret, StringComparison.OrdinalIgnoreCase)), Is.False, left);
        Assert.That(string.Join('\n', left.Split('\0').Where(field => field.Length > 0 && "CMDHWcn".Contains(field[0]))), Is.EqualTo(message.Left));
    }

    [Test]
    public void Severity_code_position_and_the_server_s_own_names_stay()
    {
        const string fields = "SERROR\0VERROR\0C23505\0Mdivision by zero\0P12\0p3\0spublic\0tpeople\0cssn\0dtext\0nkey\0Fnbtinsert.c\0L664\0R_bt_check_unique";
        Assert.That(Redact(fields, ""), Is.EqualTo(fields + "\0\0"));
    }

    [TestCase("Minvalid input syntax for type integer: \"email\" Quixwolf \"email\"", "email")]
    [TestCase("Mcolumn \"email\" Quixwolf \"email\" does not exist", "email")]
    [TestCase("Mcolumn \"email\" of relation \"Quixwolf\" of relation \"email\" does not exist", "email")]
    [TestCase("Mcolumn \"Quixwolf does not exist", "email")]
    [TestCase("Mcolumn \"email\" of relation \"Quixwolf does not exist", "email")]
    [TestCase("Mcould not open 918273645", "")]
    [TestCase("Moperator does not exist: Quixwolf", "")]
    [TestCase("Mvalue \"Quixwolf\" is out of range for type integer", "Quixwolf")]
    [TestCase("Mx\0DKey (email)=(a) already exists. Quixwolf) already exists.", "email")]
    [TestCase("Mx\0DKey ('Quixwolf'::text)=(a) already exists.", "")]
    [TestCase("Mx\0DKey (k)=(a) is not present in table \"Quixwolf\".) already exists.", "k")]
    [TestCase("Mx\0Dline 1: Quixwolf", "")]
    [TestCase("Mx\0DProcess 1 waits for ShareLock; blocked by process 2: Quixwolf", "")]
    [TestCase("Mx\0HPerhaps you meant Quixwolf", "")]
    [TestCase("Mx\0WSQL statement \"select 1\nPL/pgSQL function Quixwolf line 918273645 at x\n\"\nPL/pgSQL function f() line 3 at EXECUTE", "f")]
    [TestCase("Mx\0WCOPY people, line 1, column email: \"a\nPL/pgSQL function f() line 918273645 at RAISE\"", "f")]
    [TestCase("Mx\0WPL/pgSQL function Quixwolf(text) line 3 at x: y", "f")]
    [TestCase("Mx\0qselect 'Quixwolf'", "")]
    [TestCase("Mx\0zQuixwolf", "")]
    public void A_value_cannot_pass_for_the_server_s_words(string fields, string identifiers)
    {
        // A name that the statement holds is told only where the server puts names; after a colon it is a value.
        var left = Redact("SERROR\0VERROR\0C42P01\0" + fields + "\0RparserOpenTable", identifiers);
        Assert.That(Array.Exists(Secrets, secret => left.Contains(secret, StringComparison.OrdinalIgnoreCase)), Is.False, left);
    }

    [Test]
    public void What_code_raises_is_starred_whatever_field_it_is_in()
    {
        const string fields = "SERROR\0VERROR\0CQX918\0MKey value column\0DKey (email)=(x) already exists.\0HUse DISTINCT\0sQuixwolf\0tpeople\0cQuixwolf\0"
            + "dQuixwolf\0nQuixwolf\0Rexec_stmt_raise";
        Assert.That(
            Redact(fields, "people"),
            Is.EqualTo("SERROR\0VERROR\0CP0001\0M*** ***** ******\0D*** (*****)=(*) ******* ******.\0H*** ********\0s***\0tpeople\0c***\0d***\0n***\0"
                + "Rexec_stmt_raise\0\0"));
    }

    [TestCase("C01000", "table \"gone\" does not exist, skipping", "table \"gone\" does not exist, skipping")]
    [TestCase("C00000", "table \"Quixwolf\" does not exist, skipping", "***** \"********\" **** *** *****, ********")]
    [TestCase("C00000", "Quixwolf", "********")]
    public void A_notice_stays_whole_or_not_at_all(string code, string message, string expected) =>
        Assert.That(Redact($"SNOTICE\0VNOTICE\0{code}\0M{message}", "gone"), Is.EqualTo($"SNOTICE\0VNOTICE\0{code}\0M{expected}\0\0"));

    [TestCase("38000", "exception: Quixwolf")]
    [TestCase("XX000", "cache lookup failed for Quixwolf")]
    [TestCase("P0002", "Quixwolf")]
    [TestCase("ZZ999", "Quixwolf")]
    public void Errors_that_may_be_somebody_s_own_words_are_starred_unless_harmless(string code, string message)
    {
        Assert.That(Redact($"SERROR\0VERROR\0C{code}\0M{message}", ""), Does.Not.Contain("Quixwolf").And.Not.Match("M.*[a-z]"));
        Assert.That(Redact($"SERROR\0VERROR\0C{code}\0Mquery returned no rows", ""), Does.Contain("Mquery returned no rows"));
    }

    [Test]
    public void A_message_in_another_language_shows_no_more_than_names()
    {
        var left = Redact(
            "SFEHLER\0VERROR\0C23505\0Mdoppelter Schlüsselwert verletzt Unique-Constraint »people_email_key«\0"
            + "DSchlüssel »(email)=(Quixwolf@zarbon.example)« existiert bereits.\0npeople_email_key\0R_bt_check_unique",
            "email");
        Assert.That(left, Does.Contain("»people_email_key«").And.Contain("D" + MessageRedactor.Withheld).And.Not.Contain("Quixwolf"));
        Assert.That(
            Redact("SОШИБКА\0VERROR\0C22P02\0Mневерный синтаксис: \"Quixwolf\"", ""),
            Is.EqualTo("SОШИБКА\0VERROR\0C22P02\0M" + MessageRedactor.Withheld + "\0\0"));
    }

    [Test]
    public void Names_of_the_statement_are_known_in_any_alphabet() => Assert.That(
        Redact("SERROR\0VERROR\0C42703\0Mcolumn \"größe.имя\" does not exist", "größe имя"),
        Does.Contain("\"größe.имя\""));

    [TestCase("")]
    [TestCase("\0")]
    [TestCase("SERROR")]
    [TestCase("SERROR\0C42P01\0MQuixwolf\0")]
    [TestCase("SERROR\0MQuixwolf\0\0")]
    [TestCase("SERROR\0C42P01\0MQuixwolf\0\0more")]
    [TestCase("SERROR\0C42P01\0Mfine\0MQuixwolf\0\0")]
    public void A_malformed_body_becomes_a_minimal_valid_one(string body)
    {
        var output = new MaskOutput();
        MessageRedactor.Redact(Encoding.UTF8.GetBytes(body), new HashSet<Identifier>(), output);
        Assert.That(
            Encoding.UTF8.GetString(output.Written),
            Is.EqualTo($"SERROR\0VERROR\0CXX000\0M{MessageRedactor.Withheld}\0\0"));
    }

    [Test]
    public void Any_bytes_give_a_valid_body()
    {
        var random = new Random(7);
        var identifiers = new HashSet<Identifier> { new("people", "email") };
        for (var round = 0; round < 3_000; round++)
        {
            var body = Encoding.UTF8.GetBytes(ServerMessage.All[random.Next(ServerMessage.All.Length)].Fields + "\0\0");
            for (var changes = random.Next(4); changes > 0; changes--)
                body[random.Next(body.Length)] = (byte)"\0\"'(): \n*MDHWCx9"[random.Next(16)];
            var output = new MaskOutput();
            MessageRedactor.Redact(random.Next(10) == 0 ? body.AsSpan(0, random.Next(body.Length)) : body, identifiers, output);
            Assert.That(IsValid(output.Written.ToArray()), Convert.ToHexString(body));
        }
    }

    private static bool IsValid(byte[] body)
    {
        if (body is not [.., 0, 0])
            return false;
        var fields = Encoding.Latin1.GetString(body)[..^2].Split('\0');
        return Array.TrueForAll(fields, field => field.Length > 0)
            && fields.Count(field => field[0] == 'S') == 1 && fields.Count(field => field[0] == 'C') == 1 && fields.Count(field => field[0] == 'M') == 1;
    }

    private static string Redact(string fields, string identifiers)
    {
        var names = identifiers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new Identifier(null, name)).ToHashSet();
        var output = new MaskOutput();
        MessageRedactor.Redact(Encoding.UTF8.GetBytes(fields + "\0\0"), names, output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
