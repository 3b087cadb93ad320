using WireGuardian.Server.Composition;

namespace WireGuardian.Server.Tests.Composition;

[TestFixture]
public sealed class AuditSigningKeyFileTests
{
    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("wireguardian-key-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_key_is_made_once_and_only_its_owner_can_read_it()
    {
        using var made = AuditSigningKeyFile.ReadOrCreate(_folder);
        using var read = AuditSigningKeyFile.ReadOrCreate(_folder);
        Assert.That(read.Public.Id, Is.EqualTo(made.Public.Id));
        Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "audit-signing.key" }));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Path.Combine(_folder, "audit-signing.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void What_is_no_key_is_refused_rather_than_replaced()
    {
        File.WriteAllText(Path.Combine(_folder, "audit-signing.key"), "-----BEGIN");
        Assert.That(() => AuditSigningKeyFile.ReadOrCreate(_folder), Throws.TypeOf<IOException>().With.Message.Contains("is no signing key"));
    }
}
