using System.Text;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Tests.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>Answers are found again by what decides them, and by nothing else.</summary>
public sealed class LineageCacheTests
{
    private static readonly LineageAnswer Answer = LineageAnswer.Unknown("for a test");

    [Test]
    public void By_the_template_the_parameter_types_and_how_literals_are_read()
    {
        var cache = new LineageCache(new FakeCatalog());
        cache.Keep(Question("select upper(a) from t where id = 1", 23), Answer);
        Assert.That(cache.Find(Question("select upper(a) from t where id = 2", 23)), Is.SameAs(Answer));
        Assert.That(cache.Find(Question("select upper(b) from t where id = 1", 23)), Is.Null);
        Assert.That(cache.Find(Question("select upper(a) from t where id = 1", 20)), Is.Null);
        Assert.That(cache.Find(Question("select upper(a) from t where id = 1")), Is.Null);
        Assert.That(cache.Find(Question("select upper(a) from t where id = 1", 23) with { StandardConformingStrings = false }), Is.Null);
    }

    [Test]
    public void Also_where_blanks_and_comments_differ()
    {
        var cache = new LineageCache(new FakeCatalog());
        cache.Keep(Question("select upper(a) from t where name = 'Ada'"), Answer);
        foreach (var sql in new[] { "select upper(a) from t where name = 'Ben'", "select upper(a)  from t where name = 'Ben' -- why", "select upper(a) from t where name = 'O''Hara'" })
            Assert.That(cache.Find(Question(sql)), Is.SameAs(Answer), sql);
        Assert.That(cache.Find(Question("select upper(a) from t where name = $1")), Is.Null);
    }

    [Test]
    public void It_is_bounded()
    {
        var cache = new LineageCache(new FakeCatalog());
        var first = Question("select a0 from t");
        for (var number = 0; number < 5000; number++)
            cache.Keep(Question($"select a{number} from t"), Answer);
        Assert.That(cache.Find(first), Is.Null);
        Assert.That(cache.Find(Question("select a4999 from t")), Is.SameAs(Answer));
        Assert.That(cache.Count, Is.LessThanOrEqualTo(2048));
        var large = Question($"select {new string('a', 5000)} from t");
        cache.Keep(large, Answer);
        Assert.That(cache.Find(large), Is.Null);
    }

    [Test]
    public void A_hit_allocates_nothing()
    {
        var cache = new LineageCache(new FakeCatalog());
        var question = Question("select count(*), upper(name) from people where id = 42 and name = 'Ada'", 23);
        cache.Keep(question, Answer);
        Assert.That(cache.Find(question), Is.SameAs(Answer));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            _ = cache.Find(question);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static LineageQuestion Question(string sql, params uint[] types)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        return new(text, PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default)[0], StandardConformingStrings: true, types);
    }
}
