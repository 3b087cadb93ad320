using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Tests.Detection;

public sealed class ScannerTests
{
    private static readonly string[] Samples =
    [
        "alice@example.com", "415-555-0123", "4111 1111 1111 1111", "DE89370400440532013000", "536-90-4399", "192.168.1.10", "2001:db8:0:0:1:2:3:4", "fe80::1ff:fe23:4567:890a",
        "00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "AKIAIOSFODNN7EXAMPLE", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "+49 30 1234567",
        "-----BEGIN PRIVATE KEY-----MII-----END PRIVATE KEY-----", "(415) 555-0123", "06 12 34 56 78",
    ];

    // Blocks begin and end everywhere; what is before and behind must not matter.
    [TestCaseSource(nameof(Samples))]
    public void It_is_found_wherever_it_stands(string sample)
    {
        var alone = Found.In(sample);
        Assert.That(alone, Does.EndWith(":" + sample));
        for (var before = 0; before < 140; before++)
        {
            var padding = string.Concat(Enumerable.Range(0, before).Select(i => i % 6 == 5 || i == before - 1 ? ' ' : 'a'));
            Assert.That(Found.In(padding + sample), Is.EqualTo(alone), $"{before} bytes before");
            Assert.That(Found.In(padding + sample + " and then some more words that go on"), Is.EqualTo(alone), $"{before} bytes before, more behind");
        }
    }

    [Test]
    public void Texts_of_every_length_are_read()
    {
        for (var length = 0; length < 200; length++)
            Assert.That(Found.In(new string('x', length)), Is.Empty);
    }

    [Test]
    public void Any_bytes_give_a_result()
    {
        var random = new Random(7);
        var findings = new FindingBuffer();
        var scanner = new Scanner(DetectorSet.All, 1);
        ReadOnlySpan<byte> favoured = "@:/.-+=019aAefxX_ \"'{}\\,~<>&;#QyJ"u8;
        for (var round = 0; round < 20_000; round++)
        {
            var text = new byte[random.Next(0, 150)];
            for (var i = 0; i < text.Length; i++)
                text[i] = random.Next(5) == 0 ? (byte)random.Next(256) : favoured[random.Next(favoured.Length)];
            findings.Clear();
            scanner.Scan(text, 0, (ContextHints)random.Next(256), findings);
            findings.Merge();
            var last = 0;
            foreach (var finding in findings.Findings)
            {
                Assert.That(finding.Offset, Is.GreaterThanOrEqualTo(last));
                Assert.That(finding.Length, Is.Positive);
                last = finding.End;
            }
            Assert.That(last, Is.LessThanOrEqualTo(text.Length));
        }
    }

    [Test]
    public void Samples_that_are_cut_or_changed_give_a_result()
    {
        var findings = new FindingBuffer();
        var scanner = new Scanner(DetectorSet.All, 1);
        var random = new Random(3);
        foreach (var sample in Samples.Append("password=\"\\").Append("https://a:b@").Append("eyJhbGciOiJIUzI1NiJ9.eyJ.").Append("born 1.1.1980").Append("5 May 1980"))
        {
            for (var round = 0; round < 500; round++)
            {
                var text = Encoding.UTF8.GetBytes(sample)[..random.Next(sample.Length + 1)];
                if (text.Length > 0)
                    text[random.Next(text.Length)] = (byte)random.Next(256);
                findings.Clear();
                Assert.That(scanner.Scan(text, 0, ContextHints.None, findings), Is.EqualTo(text.Length));
            }
        }
    }

    [Test]
    public void More_findings_than_the_buffer_holds_are_found_in_several_calls()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a@b.co ", 2000)));
        var scanner = new Scanner(DetectorSet.All, 50);
        var findings = new FindingBuffer();
        var (at, count, calls) = (0, 0, 0);
        while (at < text.Length)
        {
            findings.Clear();
            at = scanner.Scan(text, at, ContextHints.None, findings);
            findings.Merge();
            count += findings.Count;
            calls++;
        }
        Assert.That(count, Is.EqualTo(2000));
        Assert.That(calls, Is.GreaterThan(1));
    }

    [Test]
    public void What_overlaps_is_one_finding_under_the_surest_name()
    {
        Assert.That(Found.In("token=AKIAIOSFODNN7EXAMPLE"), Is.EqualTo("AWS_CREDENTIALS:AKIAIOSFODNN7EXAMPLE"));
        Assert.That(Found.In("password=alice@example.com"), Is.EqualTo("EMAIL_ADDRESS:alice@example.com"));
    }

    [Test]
    public void Only_enabled_detectors_look()
    {
        const string text = "alice@example.com 536-90-4399";
        Assert.That(Found.In(text, enabled: DetectorSet.Of(Detector.UsSsn)), Is.EqualTo("US_SSN:536-90-4399"));
        Assert.That(Found.In(text, enabled: DetectorSet.None), Is.Empty);
        Assert.That(Found.In("Server=db;Password=hunter2", enabled: DetectorSet.Of(Detector.Secret)), Is.EqualTo("SECRET:hunter2"));
        Assert.That(Found.In("Server=db;Password=hunter2", enabled: DetectorSet.Of(Detector.ConnectionString)), Is.EqualTo("CONNECTION_STRING:hunter2"));
        Assert.That(Found.In("password=hunter2", enabled: DetectorSet.Of(Detector.ConnectionString)), Is.Empty);
        Assert.That(Found.In(text, minimumScore: 90), Is.EqualTo("EMAIL_ADDRESS:alice@example.com"));
    }

    [Test]
    public void Nothing_is_allocated()
    {
        var scanner = new Scanner(DetectorSet.All, 50);
        var findings = new FindingBuffer();
        var texts = Samples.Append("password=hunter2 born 1980-05-17").Append("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").Select(Encoding.UTF8.GetBytes).ToArray();
        Scan();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            Scan();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Scan()
        {
            foreach (var text in texts)
            {
                findings.Clear();
                scanner.Scan(text, 0, ContextHints.None, findings);
                findings.Merge();
            }
        }
    }
}
