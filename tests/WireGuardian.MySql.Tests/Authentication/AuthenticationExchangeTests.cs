using System.Security.Cryptography;
using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Authentication;

public sealed class AuthenticationExchangeTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(65, 20).Select(value => (byte)value)];
    private static readonly byte[] OkPayload = MySqlMessage.Ok();
    private static readonly PasswordKey Key = new();

    [OneTimeTearDown]
    public void DisposeKey() => Key.Dispose();

    /// <summary>Checklist: parsec asks for its salt in an extra round trip.</summary>
    [Test]
    public void Parsec_asks_for_its_salt_in_an_extra_round_trip([Values] bool clientTls, [Values] bool serverTls)
    {
        var exchange = New(clientTls, serverTls);
        exchange.Begin("mysql_native_password", [1, 2, 3]);
        Relays(exchange.FromServer(Switch("parsec", new byte[32])), Speaker.Client);
        Relays(exchange.FromClient([]), Speaker.Server);
        Relays(exchange.FromServer([(byte)'P', 0, 1, 2, 3, 4, 5, 6, 7, 8]), Speaker.Client);
        Relays(exchange.FromClient(new byte[96]), Speaker.Server);
        Relays(exchange.FromServer(OkPayload), Speaker.LoggedIn);
    }

    [Test]
    public void Ed25519_is_passed_on_byte_for_byte()
    {
        var exchange = New(true, false);
        exchange.Begin("mysql_native_password", []);
        var nonce = RandomNumberGenerator.GetBytes(32);
        Relays(exchange.FromServer(Switch("client_ed25519", nonce)), Speaker.Client);
        Assert.That(exchange.Nonce, Is.EqualTo(nonce));
        Relays(exchange.FromClient(new byte[64]), Speaker.Server);
        Relays(exchange.FromServer(MySqlMessage.Error(1045, "28000", "no")), Speaker.LoggedOut);
    }

    /// <summary>Checklist: caching_sha2_password: full with cleartext on TLS; a TLS client leg with a plain server leg needs translating.</summary>
    [TestCase("caching_sha2_password", 2)]
    [TestCase("sha256_password", 1)]
    public void A_tls_client_leg_with_a_plain_server_leg_is_translated_to_rsa(string plugin, byte request)
    {
        using var server = RSA.Create(2048);
        var exchange = New(clientTls: true, serverTls: false);
        exchange.Begin("mysql_native_password", []);
        exchange.FromServer(Switch(plugin, [.. Nonce, 0]));
        if (request == 2)
        {
            Relays(exchange.FromClient(new byte[32]), Speaker.Server);
            Relays(exchange.FromServer([1, 4]), Speaker.Client);
        }
        byte[] password = MySqlPassword.Clear("it's secret");
        var asked = exchange.FromClient(password);
        Assert.That((asked.ToServer, asked.Next), Is.EqualTo((true, Speaker.Server)));
        Assert.That(asked.Payload, Is.EqualTo([request]));
        var sealedPassword = exchange.FromServer([1, .. Encoding.ASCII.GetBytes(server.ExportSubjectPublicKeyInfoPem())]);
        Assert.That((sealedPassword.ToServer, sealedPassword.Next), Is.EqualTo((true, Speaker.Server)));
        var mixed = server.Decrypt(sealedPassword.Payload, RSAEncryptionPadding.OaepSHA1);
        Assert.That(mixed.Select((value, index) => (byte)(value ^ Nonce[index % Nonce.Length])), Is.EqualTo(MySqlPassword.Clear("it's secret")));
        Assert.That(password, Is.All.Zero, "no password is kept");
        Relays(exchange.FromServer(OkPayload), Speaker.LoggedIn);
    }

    [TestCase("caching_sha2_password", 2)]
    [TestCase("sha256_password", 1)]
    public void A_plain_client_leg_with_a_tls_server_leg_is_translated_by_the_proxys_own_key(string plugin, byte request)
    {
        var exchange = New(clientTls: false, serverTls: true);
        exchange.Begin("mysql_native_password", []);
        exchange.FromServer(Switch(plugin, [.. Nonce, 0]));
        if (request == 2)
        {
            Relays(exchange.FromClient(new byte[32]), Speaker.Server);
            Relays(exchange.FromServer([1, 4]), Speaker.Client);
        }
        var shown = exchange.FromClient([request]);
        Assert.That((shown.ToServer, shown.Payload[0], shown.Next), Is.EqualTo((false, (byte)1, Speaker.Client)));
        var pem = Encoding.ASCII.GetString(shown.Payload.AsSpan(1));
        var clear = exchange.FromClient(MySqlPassword.Sealed("it's secret", Nonce, pem));
        Assert.That((clear.ToServer, clear.Next), Is.EqualTo((true, Speaker.Server)));
        Assert.That(clear.Payload, Is.EqualTo(MySqlPassword.Clear("it's secret")));
        Relays(exchange.FromServer(OkPayload), Speaker.LoggedIn);
    }

    /// <summary>Checklist: RSA, or a pinned key.</summary>
    [Test]
    public void A_client_with_a_pinned_key_is_refused_where_the_proxy_would_have_to_open_what_it_sealed()
    {
        using var pinned = RSA.Create(2048);
        var exchange = InFull(clientTls: false, serverTls: true);
        var payload = MySqlPassword.Sealed("secret", Nonce, pinned.ExportSubjectPublicKeyInfoPem());
        Assert.That(() => exchange.FromClient(payload), Throws.TypeOf<LoginRefusedException>().With.Message.Contains("not sealed with the proxy's key"));
    }

    [Test]
    public void A_client_with_a_pinned_key_passes_where_both_legs_are_in_clear()
    {
        var exchange = InFull(clientTls: false, serverTls: false);
        Relays(exchange.FromClient(RandomNumberGenerator.GetBytes(256)), Speaker.Server);
    }

    [Test]
    public void An_empty_password_is_passed_on_whatever_the_legs([Values] bool clientTls, [Values] bool serverTls)
    {
        var exchange = InFull(clientTls, serverTls);
        Relays(exchange.FromClient([0]), Speaker.Server);
        Relays(exchange.FromServer(MySqlMessage.Error(1045, "28000", "no")), Speaker.LoggedOut);
    }

    [Test]
    public void Mysql_clear_password_passes_over_tls_on_both_legs_only([Values] bool clientTls, [Values] bool serverTls)
    {
        var exchange = New(clientTls, serverTls);
        exchange.Begin("mysql_native_password", []);
        var request = Switch("mysql_clear_password", []);
        if (clientTls && serverTls)
        {
            Relays(exchange.FromServer(request), Speaker.Client);
            Relays(exchange.FromClient(MySqlPassword.Clear("secret")), Speaker.Server);
            return;
        }
        Assert.That(() => exchange.FromServer(request), Throws.TypeOf<LoginRefusedException>().With.Message.Contains("needs TLS on both sides"));
        Assert.That(() => New(clientTls, serverTls).Begin("mysql_clear_password", MySqlPassword.Clear("secret")), Throws.TypeOf<LoginRefusedException>());
    }

    [TestCase("dialog")]
    [TestCase("auth_gssapi_client")]
    [TestCase("mysql_old_password")]
    [TestCase("authentication_webauthn_client")]
    public void An_unknown_plugin_is_refused_by_name_of_what_is_known(string plugin)
    {
        var exchange = New(true, true);
        exchange.Begin("", []);
        Assert.That(() => exchange.FromServer(Switch(plugin, [])), Throws.TypeOf<LoginRefusedException>().With.Message.Contains("caching_sha2_password"));
        Assert.That(() => New(true, true).Begin(plugin, []), Throws.TypeOf<LoginRefusedException>());
    }

    [Test]
    public void The_authentication_of_before_4_1_is_refused()
    {
        var exchange = New(true, true);
        exchange.Begin("", []);
        Assert.That(() => exchange.FromServer([0xFE]), Throws.TypeOf<LoginRefusedException>().With.Message.Contains("4.1"));
    }

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 1, 3 }, Description = "of another plugin")]
    [TestCase(new byte[] { 2, 0 }, Description = "another factor, which was not offered")]
    [TestCase(new byte[] { 7 })]
    public void A_packet_that_has_no_place_ends_the_login(byte[] payload)
    {
        var exchange = New(true, true);
        exchange.Begin("mysql_native_password", []);
        Assert.That(() => exchange.FromServer(payload), Throws.TypeOf<ProtocolException>().With.Property("Fault").EqualTo(ProtocolFault.Server));
    }

    [Test]
    public void A_key_that_is_none_ends_the_login()
    {
        var exchange = InFull(clientTls: true, serverTls: false);
        exchange.FromClient(MySqlPassword.Clear("secret"));
        Assert.That(() => exchange.FromServer([1, .. "not a key"u8]), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_login_without_end_is_ended()
    {
        var exchange = New(true, true);
        exchange.Begin("caching_sha2_password", []);
        Assert.That(
            () =>
            {
                while (true)
                    exchange.FromServer([1, 3]);
            },
            Throws.TypeOf<ProtocolException>());
    }

    /// <summary>Any packets from either side: a step, or one of the two exceptions that end a login.</summary>
    [Test]
    public void Any_packets_give_a_step_or_end_the_login()
    {
        var random = new Random(7);
        string[] plugins = ["", "mysql_native_password", "caching_sha2_password", "sha256_password", "client_ed25519", "parsec", "mysql_clear_password", "x"];
        byte[][] seeds =
            [[], [0], [1], [2], [1, 3], [1, 4], [0xFE], [0xFF, 1, 2], [1, .. "-----BEGIN PUBLIC KEY-----"u8], Switch("sha256_password", [.. Nonce, 0]),
                Switch("caching_sha2_password", []), Switch("parsec", Nonce), MySqlPassword.Clear("x")];
        for (var round = 0; round < 20_000; round++)
        {
            var exchange = New(random.Next(2) == 0, random.Next(2) == 0);
            try
            {
                exchange.Begin(plugins[random.Next(plugins.Length)], Some());
                for (var packet = 0; packet < 20; packet++)
                {
                    if (random.Next(2) == 0)
                        exchange.FromServer(Some());
                    else
                        exchange.FromClient(Some());
                }
            }
            catch (Exception exception) when (exception is ProtocolException or LoginRefusedException)
            {
                // As it should.
            }
        }

        byte[] Some()
        {
            if (random.Next(3) > 0)
                return [.. seeds[random.Next(seeds.Length)]];
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    private static AuthenticationExchange New(bool clientTls, bool serverTls) => new(new LegSecurity(clientTls, serverTls), Nonce, Key);

    /// <summary>Where the server has asked for the password in full.</summary>
    private static AuthenticationExchange InFull(bool clientTls, bool serverTls)
    {
        var exchange = New(clientTls, serverTls);
        exchange.Begin("caching_sha2_password", new byte[32]);
        Relays(exchange.FromServer([1, 4]), Speaker.Client);
        return exchange;
    }

    private static byte[] Switch(string plugin, byte[] data) => [0xFE, .. Encoding.ASCII.GetBytes(plugin), 0, .. data];

    private static void Relays(AuthenticationStep step, Speaker next) => Assert.That(step.Next, Is.EqualTo(next));
}
