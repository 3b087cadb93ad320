using System.Security.Cryptography;
using System.Text;
using NUnit.Framework.Constraints;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Tests.Authentication;

/// <summary>The exchange of RFC 7677, section 3: user "user", password "pencil".</summary>
public sealed class ScramTests
{
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ClientNonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientFinal =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly ScramVerifier Verifier = VerifierOf("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    [Test]
    public void The_servers_side_agrees_with_the_RFCs_exchange()
    {
        var exchange = ServerSide(ClientFirst);
        Assert.That(exchange.ServerFirst, Is.EqualTo(ServerFirst));
        Assert.That(exchange.CheckProof(Bytes(ClientFinal)), Is.EqualTo(ClientKey()));
        Assert.That(exchange.ServerFinal, Is.EqualTo(ServerFinal));
    }

    [Test]
    public void The_clients_side_agrees_with_the_RFCs_exchange_knowing_no_password()
    {
        var exchange = new ScramClientExchange(ClientKey(), Verifier, null, ClientNonce, "user");
        Assert.That(exchange.ClientFirst, Is.EqualTo(ClientFirst));
        Assert.That(exchange.CreateClientFinal(Bytes(ServerFirst)), Is.EqualTo(ClientFinal));
        Assert.That(() => exchange.CheckServerFinal(Bytes(ServerFinal)), Throws.Nothing);
    }

    [Test]
    public void A_verifier_is_read_as_the_server_stores_it()
    {
        var text = $"SCRAM-SHA-256$4096:{Convert.ToBase64String(Verifier.Salt)}${Convert.ToBase64String(Verifier.StoredKey)}:{Convert.ToBase64String(Verifier.ServerKey)}";
        Assert.That(ScramVerifier.TryParse(text, out var verifier), Is.True);
        Assert.That(
            (verifier!.Iterations, Convert.ToHexString(verifier.Salt), Convert.ToHexString(verifier.StoredKey), Convert.ToHexString(verifier.ServerKey)),
            Is.EqualTo((4096, Convert.ToHexString(Verifier.Salt), Convert.ToHexString(Verifier.StoredKey), Convert.ToHexString(Verifier.ServerKey))));
        Assert.That(verifier.ToString(), Is.EqualTo("ScramVerifier"), "nothing of it in a log");
        for (var length = 0; length < text.Length; length++)
            Assert.That(ScramVerifier.TryParse(text[..length], out _), Is.False);
    }

    [TestCase("md5d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("SCRAM-SHA-256$0:AAAA$x:y")]
    [TestCase("SCRAM-SHA-256$-1:AAAA$x:y")]
    [TestCase("")]
    public void What_is_no_SCRAM_verifier_is_none(string text) => Assert.That(ScramVerifier.TryParse(text, out _), Is.False);

    [Test]
    public void A_wrong_proof_reveals_no_key()
    {
        var exchange = ServerSide(ClientFirst);
        var wrong = ClientFinal.Replace("p=dH", "p=eH", StringComparison.Ordinal);
        Assert.That(exchange.CheckProof(Bytes(wrong)), Is.Null);
    }

    [TestCase("c=eSws,", "channel binding")]
    [TestCase("c=,", "channel binding")]
    public void Channel_binding_data_must_be_those_of_the_first_message(string binding, string expected) =>
        Assert.That(
            () => ServerSide(ClientFirst).CheckProof(Bytes(ClientFinal.Replace("c=biws,", binding, StringComparison.Ordinal))),
            Throws.TypeOf<LoginRefusedException>().With.Message.Contains(expected));

    [Test]
    public void The_nonce_must_be_the_one_of_this_exchange() =>
        Assert.That(
            () => ServerSide(ClientFirst).CheckProof(Bytes(ClientFinal.Replace("r=rO", "r=rX", StringComparison.Ordinal))),
            Throws.TypeOf<LoginRefusedException>().With.Message.Contains("nonce"));

    [TestCase("n,,n=,r=abc", 'n')]
    [TestCase("y,,n=,r=abc", 'y')]
    [TestCase("p=tls-server-end-point,,n=,r=abc", 'p')]
    [TestCase("n,,n=user,r=abc,x=ext", 'n')]
    public void A_clients_first_message_is_read(string text, char binding)
    {
        Assert.That(ScramClientFirst.TryParse(Bytes(text), out var first), Is.True);
        Assert.That((first!.Binding, first.Nonce, first.Gs2Header + first.Bare), Is.EqualTo((binding, "abc", text)));
    }

    [TestCase("")]
    [TestCase("n")]
    [TestCase("n,,")]
    [TestCase("n,a=admin,n=,r=abc")]
    [TestCase("n,,m=ext,n=,r=abc")]
    [TestCase("x,,n=,r=abc")]
    [TestCase("p=,,n=,r=abc")]
    [TestCase("n,,n=,r=")]
    [TestCase("n,,r=abc")]
    [TestCase("n,,n=,r=a b")]
    [TestCase("n,,n=,r=a\0b")]
    [TestCase("n,,n=,r=abc,?")]
    public void A_clients_first_message_that_is_malformed_or_asks_for_more_is_refused(string text) =>
        Assert.That(ScramClientFirst.TryParse(Bytes(text), out _), Is.False);

    [Test]
    public void A_nonces_length_from_the_server_is_not_trusted()
    {
        var longest = ClientNonce + new string('x', 256 - ClientNonce.Length);
        Assert.That(Answer($"r={longest},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"), Is.Not.Null);
        Assert.That(() => Answer($"r={longest}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"), ThrowsServerFault());
    }

    [TestCase("")]
    [TestCase("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [TestCase("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [TestCase("r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096")]
    [TestCase("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1")]
    [TestCase("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999")]
    [TestCase("m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [TestCase("e=other-error")]
    public void A_servers_first_message_that_is_malformed_is_the_servers_fault(string text) =>
        Assert.That(() => Answer(text), ThrowsServerFault());

    [TestCase("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [TestCase("r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4096")]
    public void A_server_with_another_verifier_gets_no_proof(string text) => Assert.That(Answer(text), Is.Null);

    [TestCase("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("v=")]
    [TestCase("e=invalid-proof")]
    [TestCase("")]
    public void A_server_that_does_not_prove_itself_is_refused(string text)
    {
        var exchange = new ScramClientExchange(ClientKey(), Verifier, null, ClientNonce, "user");
        exchange.CreateClientFinal(Bytes(ServerFirst));
        Assert.That(() => exchange.CheckServerFinal(Bytes(text)), ThrowsServerFault());
    }

    [Test]
    public void Any_bytes_give_a_result_or_a_refusal_and_never_another_exception()
    {
        var random = new Random(3);
        foreach (var template in (string[])[ClientFirst, ServerFirst, ClientFinal, ServerFinal])
        {
            for (var round = 0; round < 3_000; round++)
            {
                var bytes = Bytes(template);
                for (var i = random.Next(1, 4); i > 0; i--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                Tolerate(() => _ = ScramClientFirst.TryParse(bytes, out _));
                Tolerate(() => ServerSide(ClientFirst).CheckProof(bytes));
                var client = new ScramClientExchange(ClientKey(), Verifier, null, ClientNonce, "user");
                Tolerate(() => client.CreateClientFinal(bytes));
                Tolerate(() => client.CheckServerFinal(bytes));
            }
        }
    }

    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is ProtocolException or LoginRefusedException)
        {
            // The two ways to refuse.
        }
    }

    private static ScramServerExchange ServerSide(string clientFirst)
    {
        Assert.That(ScramClientFirst.TryParse(Bytes(clientFirst), out var first), Is.True);
        return new ScramServerExchange(first!, Verifier, null, ServerNonce);
    }

    private static string? Answer(string serverFirst) =>
        new ScramClientExchange(ClientKey(), Verifier, null, ClientNonce, "user").CreateClientFinal(Bytes(serverFirst));

    private static EqualConstraint<ProtocolFault> ThrowsServerFault() =>
        Throws.TypeOf<ProtocolException>().With.Property("Fault").EqualTo(ProtocolFault.Server);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] ClientKey() => HMACSHA256.HashData(Salted("pencil", Verifier.Salt, 4096), "Client Key"u8);

    private static byte[] Salted(string password, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(
        Bytes(password), salt, iterations, HashAlgorithmName.SHA256, 32);

    private static ScramVerifier VerifierOf(string password, byte[] salt, int iterations)
    {
        var salted = Salted(password, salt, iterations);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        return new ScramVerifier(
            iterations,
            salt,
            SHA256.HashData(clientKey),
            HMACSHA256.HashData(salted, "Server Key"u8));
    }
}
