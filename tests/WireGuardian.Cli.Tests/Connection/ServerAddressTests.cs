using WireGuardian.Cli.Connection;

namespace WireGuardian.Cli.Tests.Connection;

public class ServerAddressTests
{
    [TestCase("127.0.0.1:7300", false, "http://127.0.0.1:7300/")]
    [TestCase("localhost:80", false, "http://localhost:80/")]
    [TestCase("localhost", false, "http://localhost:7300/")]
    [TestCase("[::1]:7300", false, "http://[::1]:7300/")]
    [TestCase("127.0.0.1:7300", true, "https://127.0.0.1:7300/")]
    [TestCase("proxy.example:7301", false, "https://proxy.example:7301/")]
    [TestCase("proxy.example:443", false, "https://proxy.example/")]
    [TestCase("proxy.example", false, "https://proxy.example:7300/")]
    [TestCase("http://127.0.0.1:9/", false, "http://127.0.0.1:9/")]
    [TestCase("https://proxy.example", false, "https://proxy.example:7300/")]
    [TestCase("https://proxy.example:443/", true, "https://proxy.example/")]
    public void Host_and_port_or_a_url_is_taken_in_clear_on_loopback_only(string text, bool tls, string url)
        => Assert.That(ServerAddress.Parse(text, tls).AbsoluteUri, Is.EqualTo(new Uri(url).AbsoluteUri));

    [TestCase("http://proxy.example:7300", false)]
    [TestCase("http://10.0.0.1", false)]
    [TestCase("http://127.0.0.1:7300", true)]
    [TestCase("https://user:secret@proxy.example", false)]
    [TestCase("https://proxy.example/path", false)]
    [TestCase("unix:///run/wg", false)]
    [TestCase("a b:1", false)]
    [TestCase("127.0.0.1:99999", false)]
    [TestCase(":7300", false)]
    public void Anything_else_is_wrong_usage(string text, bool tls)
        => Assert.Throws<UsageException>(() => ServerAddress.Parse(text, tls));
}
