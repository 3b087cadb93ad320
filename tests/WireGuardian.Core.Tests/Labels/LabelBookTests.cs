using WireGuardian.Core.Labels;
using WireGuardian.Testing.Labels;

namespace WireGuardian.Core.Tests.Labels;

public sealed class LabelBookTests
{
    private InMemoryLabelStore _store = null!;

    [SetUp]
    public void SetUp() => _store = new InMemoryLabelStore();

    [Test]
    public void A_label_is_there_for_its_listener_and_for_others_of_the_same_server()
    {
        var book = new LabelBook(_store);
        book.Record([Label("a", "app", "db:1", "shop"), Label("b", "app", "db:1", "other")]);
        Assert.That(Ids(book.Of("app", "db:1", "shop")), Is.EqualTo("a"));
        Assert.That(Ids(book.Of("second", "db:1", "shop")), Is.EqualTo("a"));
        Assert.That(Ids(book.Of("app", "moved:1", "shop")), Is.EqualTo("a"));
        Assert.That(Ids(book.Of("second", "db:2", "shop")), Is.Empty);
        Assert.That(Ids(new LabelBook(_store).All), Is.EqualTo("a b"), "after a restart");
    }

    [Test]
    public void The_version_of_a_database_grows_with_its_labels_alone()
    {
        var book = new LabelBook(_store);
        var (shop, other) = (book.VersionOf("shop"), book.VersionOf("other"));
        book.Record([Label("a", "app", "db:1", "shop")]);
        Assert.That((shop.Count, other.Count), Is.EqualTo((1, 0)));
        book.Settle(["a"]);
        Assert.That(book.All.Single().IsSettled);
        Assert.That(book.Remove("a")!.Id, Is.EqualTo("a"));
        Assert.That(book.Remove("a"), Is.Null);
        Assert.That((shop.Count, other.Count), Is.EqualTo((3, 0)));
    }

    [Test]
    public void What_the_store_does_not_take_is_not_in_force()
    {
        var book = new LabelBook(_store);
        book.Record([Label("a", "app", "db:1", "shop")]);
        _store.IsBroken = true;
        Assert.That(() => book.Record([Label("b", "app", "db:1", "shop")]), Throws.InstanceOf<LabelStoreException>());
        Assert.That(() => book.Remove("a"), Throws.InstanceOf<LabelStoreException>());
        Assert.That((Ids(book.All), book.VersionOf("shop").Count), Is.EqualTo(("a", 1)));
    }

    [TestCase("identity", false, "identity", false, true)]
    [TestCase("identity", true, "identity", false, true)]
    [TestCase("identity", false, "identity", true, false)]
    [TestCase("identity contact", true, "contact", true, true)]
    [TestCase("identity", true, "contact", false, false)]
    public void One_label_covers_another_that_masks_no_more(string rules, bool isDerived, string others, bool isOtherDerived, bool covers) =>
        Assert.That(Column(rules, isDerived).Covers(Column(others, isOtherDerived)), Is.EqualTo(covers));

    private static LabelledColumn Column(string rules, bool isDerived) => new() { Attribute = 1, Table = "t", Rules = rules.Split(' '), IsDerived = isDerived };

    private static ColumnLabel Label(string id, string listener, string upstream, string database) => new()
    {
        Id = id,
        Listener = listener,
        Upstream = upstream,
        Database = database,
        Column = Column("identity", isDerived: false),
        Cause = "statement",
        Since = new DateTimeOffset(2030, 1, 1, 12, 0, id[0] % 60, TimeSpan.Zero),
    };

    private static string Ids(IEnumerable<ColumnLabel> labels) => string.Join(' ', labels.Select(label => label.Id));
}
