using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>Checklist: a bit that is not parsed is cleared in the greeting sent on. With real servers, and clients that ask for it.</summary>
public sealed class ClearedCapabilityTests
{
    [TestCase(MySqlCapabilities.Zstd, TestName = "Compression_by_zstd_is_cleared")]
    [TestCase(MySqlCapabilities.OptionalMetadata, TestName = "Optional_resultset_metadata_is_cleared")]
    [TestCase(MySqlCapabilities.MultiFactor, TestName = "Several_factors_are_cleared")]
    [TestCase(MySqlCapabilities.LocalFiles, TestName = "Local_infile_is_cleared")]
    public async Task A_capability_that_is_not_parsed_is_cleared(uint capability)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            await using var proxy = LoginTests.Proxy(await SharedMySql.Get(flavour), serverTls: false);
            await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
            await client.ReadGreetingAsync();
            Assert.That(client.Greeting!.Capabilities & capability, Is.Zero, $"{flavour}");
        }
    }

    [Test]
    public async Task MariaDBs_64_bit_capabilities_are_cleared_and_asking_for_them_changes_nothing()
    {
        var server = await SharedMySql.MariaDb;
        await using var proxy = LoginTests.Proxy(server, serverTls: false);
        await using var direct = await server.OpenAsync();
        Assert.That(direct.Greeting!.MariaDbCapabilities, Is.Not.Zero, "the server has some");
        await using var client = await MySqlWireClient.LogInAsync(proxy.Port, new MySqlLogin(MySqlAccounts.App)
        {
            Capabilities = MySqlCapabilities.Plain & ~MySqlCapabilities.LongPassword,
            MariaDbCapabilities = 0xFF,
        });
        Assert.That(client.Greeting!.MariaDbCapabilities, Is.Zero);
        // With extended metadata the definition would have a length more.
        var proxied = (await client.QueryAsync("select cast('{}' as char) as j"))[1].Payload;
        Assert.That(proxied, Is.EqualTo((await direct.QueryAsync("select cast('{}' as char) as j"))[1].Payload));
    }

    [Test]
    public async Task Compression_is_the_clients_legs_own([Values] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = LoginTests.Proxy(server, serverTls: false);
        var argument = flavour == MySqlFlavour.MariaDb ? "--compress" : "--compression-algorithms=zlib,zstd,uncompressed";
        var direct = await server.CommandLineAsync(server.Port, "show status like 'compression'", MySqlAccounts.App, arguments: [argument]);
        Assert.That(direct.EnsureSuccess().Output, Is.EqualTo("Compression\tON\n"), "the server has it");
        var proxied = await server.CommandLineAsync(proxy.Port, "show status like 'compression'", MySqlAccounts.App, arguments: [argument]);
        Assert.That(proxied.EnsureSuccess().Output, Is.EqualTo("Compression\tOFF\n"), "the server is not asked for it");
        Assert.That((await proxy.LoginAsync()).Compresses);
    }

    /// <summary>Checklist: DEPRECATE_EOF: legs that differ break everything; QUERY_ATTRIBUTES and SESSION_TRACK likewise.</summary>
    [TestCase(MySqlCapabilities.DeprecateEof, TestName = "Deprecate_EOF_is_the_same_on_both_legs")]
    [TestCase(MySqlCapabilities.QueryAttributes, TestName = "Query_attributes_are_the_same_on_both_legs")]
    [TestCase(MySqlCapabilities.SessionTrack, TestName = "Session_track_is_the_same_on_both_legs")]
    public async Task A_capability_is_the_same_on_both_legs(uint capability)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            var server = await SharedMySql.Get(flavour);
            foreach (var capabilities in (uint[])[MySqlCapabilities.Plain, MySqlCapabilities.Plain | capability])
            {
                await using var proxy = LoginTests.Proxy(server, serverTls: false);
                var login = new MySqlLogin(MySqlAccounts.App) { Capabilities = capabilities };
                await using var direct = await MySqlWireClient.LogInAsync(server.Port, login);
                await using var proxied = await MySqlWireClient.LogInAsync(proxy.Port, login);
                const string Sql = "select 1 as a union select 2";
                Assert.That(
                    (await proxied.QueryAsync(Sql)).Select(packet => packet.ToString()), Is.EqualTo((await direct.QueryAsync(Sql)).Select(packet => packet.ToString())));
                const string Use = "use test_none";
                await server.ExecuteAsync("", "create database if not exists test_none");
                Assert.That(
                    (await proxied.QueryAsync(Use)).Select(packet => packet.ToString()), Is.EqualTo((await direct.QueryAsync(Use)).Select(packet => packet.ToString())));
                Assert.That((uint)(ulong)(await proxy.LoginAsync()).Capabilities, Is.EqualTo(direct.Capabilities));
            }
        }
    }
}
