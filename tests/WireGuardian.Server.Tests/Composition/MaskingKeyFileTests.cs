using WireGuardian.Server.Composition;

namespace WireGuardian.Server.Tests.Composition;

[TestFixture]
public sealed class MaskingKeyFileTests
{
    [Test]
    public void A_key_is_made_once_and_only_its_owner_can_read_it()
    {
        var root = Directory.CreateTempSubdirectory("wireguardian-key-").FullName;
        try
        {
            var data = Path.Combine(root, "data");
            MaskingKeyFile.CreateDataDirectory(data);
            var key = MaskingKeyFile.ReadOrCreate(data);
            Assert.That(key, Has.Length.EqualTo(32));
            Assert.That(MaskingKeyFile.ReadOrCreate(data), Is.EqualTo(key));
            Assert.That(Directory.GetFiles(data).Select(Path.GetFileName), Is.EqualTo(new[] { "masking.key" }));
            if (!OperatingSystem.IsWindows())
            {
                Assert.That(File.GetUnixFileMode(data), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
                Assert.That(File.GetUnixFileMode(Path.Combine(data, "masking.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public void A_key_that_was_cut_off_is_refused_rather_than_replaced()
    {
        var root = Directory.CreateTempSubdirectory("wireguardian-key-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(root, "masking.key"), new byte[5]);
            Assert.That(() => MaskingKeyFile.ReadOrCreate(root), Throws.TypeOf<IOException>().With.Message.EndsWith("holds 5 bytes; expected a masking key of 32"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
