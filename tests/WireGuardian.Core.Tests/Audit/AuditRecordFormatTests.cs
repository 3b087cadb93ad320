using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Tests.Audit;

public sealed class AuditRecordFormatTests
{
    private const string FieldsOfVersion1 =
        "089f7ff5f7b58000" + "00000004" + "73746f70" + "00000000" + "00000001" + "61" + "00000000" + "00000000" + "00000000" +
        "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "0000000000000001";

    [Test]
    public void A_record_comes_back_as_it_was()
    {
        var record = Samples.Record();
        Assert.That(AuditRecordFormat.Read(AuditRecordFormat.ToBytes(record)), Is.EqualTo(record));
    }

    [Test]
    public void Any_texts_come_back_as_they_were() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, long>((statement, detail, count) =>
        {
            var record = Samples.Record() with { Statement = WellFormed(statement.Get), Detail = WellFormed(detail.Get), Count = count };
            return AuditRecordFormat.Read(AuditRecordFormat.ToBytes(record)) == record;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_lone_surrogate_is_recorded_as_the_replacement_character()
    {
        var read = AuditRecordFormat.Read(AuditRecordFormat.ToBytes(Samples.Record("a\ud800b")));
        Assert.That(read.Statement, Is.EqualTo("a\ufffdb"));
    }

    [Test]
    public void The_canonical_bytes_of_version_1_stay_as_they_are()
    {
        var record = new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "stop", Principal = "a", FormatVersion = 1 };
        var bytes = AuditRecordFormat.ToBytes(record);
        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo("01" + FieldsOfVersion1));
        Assert.That(AuditRecordFormat.Read(bytes), Is.EqualTo(record));
    }

    [Test]
    public void The_canonical_bytes_of_version_2_stay_as_they_are()
    {
        var record = new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "stop", Principal = "a", Channel = "grpc", PolicyVersion = "3", Person = "x", FormatVersion = 2 };
        Assert.That(AuditRecordFormat.Read(AuditRecordFormat.ToBytes(record)), Is.EqualTo(record));
        Assert.That(Convert.ToHexStringLower(AuditRecordFormat.ToBytes(record)), Is.EqualTo(
            "02" + FieldsOfVersion1 + "00000004" + "67727063" + "00000001" + "33" + "00000001" + "78"));
    }

    [Test]
    public void The_canonical_bytes_of_version_3_stay_as_they_are()
    {
        var record = new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "stop", Principal = "a", Channel = "grpc", PolicyVersion = "3", Person = "x", Method = "oidc" };
        var bytes = AuditRecordFormat.ToBytes(record);
        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo(
            "03" + FieldsOfVersion1 + "00000004" + "67727063" + "00000001" + "33" + "00000001" + "78" + "00000004" + "6f696463"));
        Assert.That(AuditRecordFormat.Read(bytes), Is.EqualTo(record));
    }

    [Test]
    public void A_record_of_version_2_cannot_claim_a_method() => Assert.That(
        () => AuditRecordFormat.ToBytes(new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "approve", Method = "oidc", FormatVersion = 2 }), Throws.TypeOf<FormatException>());

    [Test]
    public void A_record_of_version_1_cannot_claim_what_its_hash_does_not_cover()
    {
        var old = new AuditRecord { Time = DateTimeOffset.UnixEpoch, Event = "approve", FormatVersion = 1 };
        foreach (var record in new[] { old with { Channel = "slack" }, old with { PolicyVersion = "1" }, old with { Person = "dana" } })
            Assert.That(() => AuditRecordFormat.ToBytes(record), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_version_that_is_not_known_is_a_format_error([Values(0, 4, 255)] byte version) =>
        Assert.That(() => AuditRecordFormat.ToBytes(Samples.Record() with { FormatVersion = version }), Throws.TypeOf<FormatException>());

    [Test]
    public void Moving_a_letter_from_one_field_to_the_next_changes_the_bytes()
    {
        var one = Samples.Record() with { Principal = "ab", Client = "c" };
        var other = Samples.Record() with { Principal = "a", Client = "bc" };
        Assert.That(AuditRecordFormat.ToBytes(one), Is.Not.EqualTo(AuditRecordFormat.ToBytes(other)));
    }

    [Test]
    public void Bytes_cut_anywhere_are_a_format_error()
    {
        var bytes = AuditRecordFormat.ToBytes(Samples.Record());
        Assert.Multiple(() =>
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.That(() => AuditRecordFormat.Read(bytes.AsSpan(0, length)), Throws.TypeOf<FormatException>());
            Assert.That(() => AuditRecordFormat.Read([.. bytes, 0]), Throws.TypeOf<FormatException>());
        });
    }

    [Test]
    public void Any_byte_changed_gives_another_record_or_a_format_error()
    {
        var record = Samples.Record();
        var bytes = AuditRecordFormat.ToBytes(record);
        for (var index = 0; index < bytes.Length; index++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7f, 0x80, 0xff })
            {
                if (value == bytes[index])
                    continue;
                var changed = bytes.ToArray();
                changed[index] = value;
                Assert.That(ReadOrNull(changed), Is.Not.EqualTo(record));
            }
        }
    }

    private static AuditRecord? ReadOrNull(byte[] bytes)
    {
        try
        {
            return AuditRecordFormat.Read(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string WellFormed(string text) => new([.. text.Where(character => !char.IsSurrogate(character))]);
}
