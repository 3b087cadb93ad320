using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Core.Tests.Audit.Evidence;

public sealed class SignedEvidenceTests
{
    private static readonly AuditSigningKey Key = AuditSigningKey.Create();
    private static readonly AuditPublicKeys Trusted = new([Key.Public]);
    private static readonly SignedReceipt Receipt = AuditReceipt.Of(Samples.Record() with { Event = AuditEvents.Approve }, 12, new string('a', 64)).Sign(Key);
    private static readonly SignedCheckpoint Checkpoint =
        new AuditCheckpoint(12, new string('a', 64), new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(7), 12).Sign(Key);

    private static IEnumerable<SignedReceipt> AlteredReceipts()
    {
        var receipt = Receipt.Receipt;
        return new[]
        {
            receipt with { RequestId = "x" }, receipt with { Event = AuditEvents.Deny }, receipt with { Decision = "denied" }, receipt with { Digest = "00fe" },
            receipt with { PolicyVersion = "8" }, receipt with { Rule = "x" }, receipt with { Principal = "x" }, receipt with { Operator = "eve" },
            receipt with { Person = "eve" }, receipt with { Channel = "grpc" }, receipt with { Method = "token" }, receipt with { Method = null }, receipt with { Time = receipt.Time.AddTicks(1) }, receipt with { Sequence = 13 },
            receipt with { Hash = new string('b', 64) }, receipt with { RequestId = receipt.RequestId + "a", Event = receipt.Event[1..] },
        }.Select(altered => Receipt with { Receipt = altered });
    }

    private static IEnumerable<SignedCheckpoint> AlteredCheckpoints()
    {
        var checkpoint = Checkpoint.Checkpoint;
        return new[]
        {
            checkpoint with { Sequence = 11 }, checkpoint with { Hash = new string('b', 64) }, checkpoint with { Time = checkpoint.Time.AddTicks(1) },
            checkpoint with { Records = 11 },
        }.Select(altered => Checkpoint with { Checkpoint = altered });
    }

    [Test]
    public void What_was_signed_is_good_with_its_key()
    {
        Assert.That(Receipt.ProblemBy(Trusted), Is.Null);
        Assert.That(Checkpoint.ProblemBy(Trusted), Is.Null);
    }

    [TestCaseSource(nameof(AlteredReceipts))]
    public void A_receipt_with_any_field_altered_is_not(SignedReceipt altered) =>
        Assert.That(altered.ProblemBy(Trusted), Does.Contain("altered, or forged"));

    [TestCaseSource(nameof(AlteredCheckpoints))]
    public void A_checkpoint_with_any_field_altered_is_not(SignedCheckpoint altered) =>
        Assert.That(altered.ProblemBy(Trusted), Does.Contain("altered, or forged"));

    [Test]
    public void A_signature_of_another_key_does_not_count_whatever_key_it_names()
    {
        using var other = AuditSigningKey.Create();
        var forged = Receipt.Receipt.Sign(other);
        Assert.That(forged.ProblemBy(Trusted), Does.Contain("not among those that are trusted"));
        Assert.That((forged with { KeyId = Key.Public.Id }).ProblemBy(Trusted), Does.Contain("altered, or forged"));
    }

    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("not base64")]
    public void Bytes_that_are_no_signature_do_not_count(string signature)
    {
        Assert.That((Receipt with { Signature = signature }).ProblemBy(Trusted), Is.Not.Null);
        Assert.That((Checkpoint with { Signature = signature }).ProblemBy(Trusted), Is.Not.Null);
    }

    [Test]
    public void The_signature_of_one_kind_is_none_of_the_other() =>
        Assert.That((Checkpoint with { Signature = Receipt.Signature }).ProblemBy(Trusted), Is.Not.Null);

    [Test]
    public void The_bytes_that_are_signed_stay_as_they_are()
    {
        var checkpoint = new AuditCheckpoint(2, "ab", DateTimeOffset.UnixEpoch, 1);
        Assert.That(Convert.ToHexStringLower(checkpoint.ToBytes()), Is.EqualTo(
            "0000001f" + Hex("wireguardian audit checkpoint 1") + "0000000000000002" + "00000002" + "6162" + "089f7ff5f7b58000" + "0000000000000001"));
        var receipt = new AuditReceipt("i", "e", "d", "g", "v", "r", "p", "o", "n", "c", null, DateTimeOffset.UnixEpoch, 2, "h");
        Assert.That(Convert.ToHexStringLower(receipt.ToBytes()), Is.EqualTo(
            "00000016" + Hex("wireguardian receipt 1") + string.Concat("iedgvrponch".Select(letter => "00000001" + Hex($"{letter}")))
            + "089f7ff5f7b58000" + "0000000000000002"));
        Assert.That(Convert.ToHexStringLower((receipt with { Method = "m" }).ToBytes()), Is.EqualTo(
            "00000016" + Hex("wireguardian receipt 2") + string.Concat("iedgvrponcmh".Select(letter => "00000001" + Hex($"{letter}")))
            + "089f7ff5f7b58000" + "0000000000000002"));
    }

    [Test]
    public void The_receipt_of_a_record_before_version_3_is_what_it_was()
    {
        var old = AuditReceipt.Of(Samples.Record() with { Event = AuditEvents.Approve, Method = "", FormatVersion = 2 }, 12, new string('a', 64)).Sign(Key);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            EvidenceJson.Write(json, old);
        var text = Encoding.UTF8.GetString(buffer.ToArray());
        Assert.That(text, Does.Not.Contain("method"));
        Assert.That(EvidenceJson.ReadReceipt(Parse(text)).ProblemBy(Trusted), Is.Null);
    }

    [Test]
    public void Json_gives_back_what_was_signed()
    {
        Assert.That(EvidenceJson.ReadCheckpoint(Parse(EvidenceJson.Line(Checkpoint))), Is.EqualTo(Checkpoint));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            EvidenceJson.Write(json, Receipt);
        var read = EvidenceJson.ReadReceipt(Parse(Encoding.UTF8.GetString(buffer.ToArray())));
        Assert.That(read, Is.EqualTo(Receipt with { Receipt = Receipt.Receipt with { Time = Receipt.Receipt.Time.ToUniversalTime() } }));
        Assert.That(read.ProblemBy(Trusted), Is.Null);
    }

    [TestCase("1")]
    [TestCase("{}")]
    [TestCase("""{"kind":"receipt"}""")]
    [TestCase("""{"kind":"checkpoint","sequence":1.5,"hash":"","time":"","records":1,"keyId":"","signature":""}""")]
    [TestCase("""{"kind":"checkpoint","sequence":1,"hash":"\ud800","time":"2030-01-01T12:00:00Z","records":1,"keyId":"","signature":""}""")]
    [TestCase("""{"kind":"checkpoint","sequence":1,"hash":"","time":"1.1.2030","records":1,"keyId":"","signature":""}""")]
    public void Json_that_is_no_checkpoint_is_a_format_error(string json) =>
        Assert.That(() => EvidenceJson.ReadCheckpoint(Parse(json)), Throws.TypeOf<FormatException>());

    [Test]
    public void Keys_come_back_from_pem_and_their_id_is_the_fingerprint_of_the_public_half()
    {
        using var again = AuditSigningKey.FromPem(Key.ToPem());
        Assert.That(again.Public.Id, Is.EqualTo(Key.Public.Id));
        Assert.That(AuditPublicKey.FromPem(Key.Public.Pem).Id, Is.EqualTo(Key.Public.Id));
        using var plain = ECDsa.Create();
        plain.ImportFromPem(Key.Public.Pem);
        Assert.That(Key.Public.Id, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(plain.ExportSubjectPublicKeyInfo()))));
        Assert.That(plain.VerifyData(Checkpoint.Checkpoint.ToBytes(), Convert.FromBase64String(Checkpoint.Signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Test]
    public void Anything_but_a_key_on_P256_is_a_format_error()
    {
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var pem in new[] { "", "x", rsa.ExportPkcs8PrivateKeyPem(), p384.ExportPkcs8PrivateKeyPem(), Key.Public.Pem })
            Assert.That(() => AuditSigningKey.FromPem(pem), Throws.TypeOf<FormatException>(), pem);
        foreach (var pem in new[] { "", "x", rsa.ExportSubjectPublicKeyInfoPem(), p384.ExportSubjectPublicKeyInfoPem() })
            Assert.That(() => AuditPublicKey.FromPem(pem), Throws.TypeOf<FormatException>(), pem);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text));
}
