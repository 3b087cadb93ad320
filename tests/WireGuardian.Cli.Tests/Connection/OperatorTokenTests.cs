using WireGuardian.Cli.Connection;

namespace WireGuardian.Cli.Tests.Connection;

public class OperatorTokenTests
{
    [Test]
    public void A_token_file_is_trimmed_and_goes_before_the_environment()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "from-file\n");
            Assert.That(OperatorToken.Find(path, With("from-environment")), Is.EqualTo("from-file"));
            Assert.That(OperatorToken.Find(null, With(" from-environment ")), Is.EqualTo("from-environment"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Surroundings With(string token)
        => new() { Out = TextWriter.Null, Error = TextWriter.Null, Environment = name => name == "WGCTL_TOKEN" ? token : null };
}
