using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Tests.Startup;

/// <summary>Checklist: capabilities are a whitelist, agreed the same on both legs.</summary>
public sealed class CapabilityPolicyTests
{
    private const CapabilityFlags Everything = (CapabilityFlags)ulong.MaxValue;

    [Test]
    public void What_the_relay_does_not_parse_is_never_offered_and_never_agreed_on()
    {
        var offered = CapabilityPolicy.Offer(Everything, tls: true, localInfile: false);
        CapabilityFlags[] cleared =
        [
            CapabilityFlags.ZstdCompression, CapabilityFlags.OptionalResultSetMetadata, CapabilityFlags.MultiFactorAuthentication,
            CapabilityFlags.LocalFiles, CapabilityFlags.CapabilityExtension, CapabilityFlags.MariaDbProgress, CapabilityFlags.MariaDbCommandMultiple,
            CapabilityFlags.MariaDbBulkOperations, CapabilityFlags.MariaDbExtendedMetadata, CapabilityFlags.MariaDbCachedMetadata,
            CapabilityFlags.MariaDbBulkUnitResults,
        ];
        foreach (var flag in cleared)
            Assert.That((offered | CapabilityPolicy.Agree(Everything, offered)).HasFlag(flag), Is.False, $"{flag}");
        Assert.That((ulong)offered >> 32, Is.Zero, "none of MariaDB's extended bits, known or not");
        Assert.That(offered & ~KnownFlags(), Is.EqualTo(CapabilityFlags.None), "no bit without a name");
    }

    /// <summary>Checklist: LOCAL INFILE is cleared unless a rule allows import.</summary>
    [Test]
    public void Local_infile_is_cleared_unless_the_listener_allows_it()
    {
        Assert.That(CapabilityPolicy.Offer(Everything, tls: false, localInfile: false).HasFlag(CapabilityFlags.LocalFiles), Is.False);
        Assert.That(CapabilityPolicy.Offer(Everything, tls: false, localInfile: true).HasFlag(CapabilityFlags.LocalFiles));
        Assert.That(CapabilityPolicy.Offer(Everything & ~CapabilityFlags.LocalFiles, tls: false, localInfile: true).HasFlag(CapabilityFlags.LocalFiles), Is.False);
    }

    [Test]
    public void Tls_is_the_listeners_own_matter([Values] bool server, [Values] bool listener)
    {
        var capabilities = server ? Everything : Everything & ~CapabilityFlags.Ssl;
        Assert.That(CapabilityPolicy.Offer(capabilities, listener, localInfile: false).HasFlag(CapabilityFlags.Ssl), Is.EqualTo(listener));
    }

    [Test]
    public void Compression_is_offered_whatever_the_server_does_and_never_agreed_on([Values] bool server)
    {
        var offered = CapabilityPolicy.Offer(server ? Everything : Everything & ~CapabilityFlags.Compress, tls: false, localInfile: false);
        Assert.That(offered.HasFlag(CapabilityFlags.Compress));
        Assert.That(CapabilityPolicy.Agree(Everything, offered).HasFlag(CapabilityFlags.Compress), Is.False);
    }

    [Test]
    public void Both_legs_have_what_server_and_client_both_have_and_no_more()
    {
        var random = new Random(3);
        for (var round = 0; round < 1000; round++)
        {
            var (server, client) = ((CapabilityFlags)random.NextInt64(), (CapabilityFlags)random.NextInt64());
            var offered = CapabilityPolicy.Offer(server, tls: true, localInfile: true);
            var agreed = CapabilityPolicy.Agree(client, offered);
            Assert.That(agreed & ~client, Is.EqualTo(CapabilityFlags.None));
            Assert.That(agreed & ~(server | CapabilityFlags.LongPassword), Is.EqualTo(CapabilityFlags.None));
            Assert.That(agreed.HasFlag(CapabilityFlags.Ssl), Is.False);
        }
    }

    private static CapabilityFlags KnownFlags() =>
        Enum.GetValues<CapabilityFlags>().Aggregate(CapabilityFlags.None, (all, flag) => all | flag);
}
