using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>COM_CHANGE_USER with the login's own exchange, to real servers in clear, for a client that may have TLS.</summary>
public sealed class ChangeUserTests
{
    private const CapabilityFlags Capabilities = (CapabilityFlags)MySqlCapabilities.Plain;
    private static readonly PasswordKey Key = new();

    private static IEnumerable<TestCaseData> Cases() =>
        from flavour in Enum.GetValues<MySqlFlavour>()
        from account in MySqlAccounts.Of(flavour).Where(account => account != MySqlAccounts.Ed25519)
        from plugin in (string[])["mysql_native_password", "caching_sha2_password"]
        from tls in (bool[])[false, true]
        select new TestCaseData(flavour, account, plugin, tls);

    [OneTimeTearDown]
    public void DisposeKey() => Key.Dispose();

    /// <summary>Checklist: auth switch inside COM_CHANGE_USER.</summary>
    [TestCaseSource(nameof(Cases))]
    public async Task An_authentication_switch_inside_COM_CHANGE_USER_is_followed(MySqlFlavour flavour, MySqlAccount account, string plugin, bool tls)
    {
        await using var database = await (await SharedMySql.Get(flavour)).CreateDatabaseAsync();
        await using var server = await database.Server.OpenAsync();
        Assert.That((await ChangeAsync(server, account, database.Name, plugin, tls)).First, Is.Zero);
        Assert.That(await server.RowsAsync("select user(), database()"), Is.EqualTo(new string?[][] { [$"{account.User}@127.0.0.1", database.Name] }));
        // Once more, with the scramble that the last one left.
        Assert.That((await ChangeAsync(server, MySqlAccounts.App, "", plugin, tls)).First, Is.Zero);
        Assert.That(await server.RowsAsync("select user(), database()"), Is.EqualTo(new string?[][] { ["app@127.0.0.1", null] }));
    }

    [Test]
    public async Task A_wrong_password_is_the_servers_to_refuse([Values] MySqlFlavour flavour)
    {
        await using var server = await (await SharedMySql.Get(flavour)).OpenAsync();
        var refusal = await ChangeAsync(server, MySqlAccounts.App with { Password = "wrong" }, "", "mysql_native_password", tls: true);
        Assert.That(refusal.ErrorCode, Is.EqualTo(1045));
    }

    [Test]
    public void Who_somebody_becomes_is_read_in_the_character_set_that_they_name()
    {
        Assert.That(ChangeUser.TryParse(MySqlMessage.ChangeUser("élise", [], "shop"), Capabilities, out var named));
        Assert.That(named.IdentityIn(8), Is.EqualTo(new ClientIdentity("élise", "shop", "")));
        Assert.That(ChangeUser.TryParse([0x11, 0xE9, 0, 0, 0], Capabilities, out var unnamed));
        Assert.That(unnamed.IdentityIn(8).User, Is.EqualTo("é"));
        Assert.That(() => unnamed.IdentityIn(45), Throws.TypeOf<LoginRefusedException>());
    }

    /// <summary>Plays the proxy between a client that answers here and a server on the other end.</summary>
    private static async Task<MySqlPacket> ChangeAsync(MySqlWireClient server, MySqlAccount account, string database, string plugin, bool tls)
    {
        var nonce = server.Greeting!.Scramble;
        var exchange = new AuthenticationExchange(new LegSecurity(tls, Server: false), nonce, Key);
        var answer = MySqlPassword.Answer(plugin, account.Password, nonce, tls);
        Assert.That(ChangeUser.TryParse(MySqlMessage.ChangeUser(account.User, answer, database, plugin), Capabilities, out var request));
        await server.SendCommandAsync(request.Begin(exchange, Capabilities));
        while (true)
        {
            var packet = await server.ReadPacketAsync();
            var step = exchange.FromServer(packet.Payload);
            if (step.Next is Speaker.LoggedIn or Speaker.LoggedOut)
                return packet;
            while (step.Next == Speaker.Client)
            {
                if (step.Payload is [0xFE, .. var named])
                    plugin = Encoding.ASCII.GetString(named, 0, Array.IndexOf(named, (byte)0));
                byte[] password = step.Payload switch
                {
                    [1, 4] => tls ? MySqlPassword.Clear(account.Password) : [2],
                    [1, .. var pem] => MySqlPassword.Sealed(account.Password, exchange.Nonce, Encoding.ASCII.GetString(pem)),
                    _ => MySqlPassword.Answer(plugin, account.Password, exchange.Nonce, tls),
                };
                step = exchange.FromClient(password);
            }
            if (step.ToServer)
                await server.SendPacketAsync(step.Payload);
        }
    }
}
