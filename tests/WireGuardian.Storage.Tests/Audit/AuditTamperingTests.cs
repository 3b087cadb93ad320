using Microsoft.Data.Sqlite;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

public sealed class AuditTamperingTests
{
    private AuditFixture _fixture = null!;

    [SetUp]
    public async Task SetUp()
    {
        _fixture = new AuditFixture();
        await using var log = _fixture.Open();
        for (var index = 1; index <= 20; index++)
            log.Append(_fixture.Record($"s{index}", "k3m9x2aa"));
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void An_untouched_store_holds()
    {
        var verification = new AuditReader(_fixture.Directory).Verify();
        Assert.That(verification.IsIntact, Is.True);
        Assert.That(verification.Records, Is.EqualTo(20));
        Assert.That(verification.Head.Sequence, Is.EqualTo(20));
    }

    [TestCase("UPDATE audit SET record = (SELECT record FROM audit WHERE sequence = 3) WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit SET record = x'00' WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit SET hash = x'' WHERE sequence = 20", 20)]
    [TestCase("UPDATE audit SET time = time + 1 WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit SET request_id = 'other' WHERE sequence = 8", 8)]
    [TestCase("UPDATE audit SET request_id = NULL WHERE sequence = 8", 8)]
    [TestCase("DELETE FROM audit WHERE sequence = 1", 1)]
    [TestCase("DELETE FROM audit WHERE sequence = 8", 8)]
    [TestCase("DELETE FROM audit WHERE sequence = 8; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 8", 8)]
    [TestCase("UPDATE audit SET sequence = -1 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = -1", 4)]
    [TestCase("INSERT INTO audit SELECT 21, number, time, request_id, record, hash FROM audit WHERE sequence = 20", 21)]
    public void Altered_missing_moved_and_added_rows_are_found(string sql, long first)
    {
        _fixture.Tamper(sql);
        var verification = new AuditReader(_fixture.Directory).Verify();
        Assert.That(verification.FirstBadSequence, Is.EqualTo(first));
        Assert.That(verification.Records, Is.EqualTo(first - 1));
    }

    [Test]
    public void Rows_cut_from_the_end_show_in_the_head()
    {
        var head = new AuditReader(_fixture.Directory).Verify().Head;
        _fixture.Tamper("DELETE FROM audit WHERE sequence = 20");
        Assert.That(new AuditReader(_fixture.Directory).Verify().Head, Is.Not.EqualTo(head));
    }

    [TestCase("UPDATE audit SET time = 0")]
    [TestCase("DELETE FROM audit")]
    public void The_table_itself_refuses_changes(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_fixture.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.That(command.ExecuteNonQuery, Throws.TypeOf<SqliteException>().With.Message.Contains("append-only"));
    }
}
