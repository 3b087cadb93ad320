using WireGuardian.Core.Labels;
using WireGuardian.Testing.Labels;

namespace WireGuardian.Core.Tests.Labels;

public sealed class BindingBookTests
{
    private static readonly ColumnName Ssn = new("public", "people", "ssn");
    private static readonly ColumnName Email = new("public", "people", "email");

    private InMemoryLabelStore _store = null!;

    [SetUp]
    public void SetUp() => _store = new InMemoryLabelStore();

    [Test]
    public void What_is_bound_is_in_force_at_once_and_durable_when_saved()
    {
        var book = new BindingBook(_store);
        book.Change([], [Binding(1, Ssn)]);
        Assert.That((book.All.Count(), _store.Bindings().Count), Is.EqualTo((1, 0)));
        Assert.That(book.Save());
        Assert.That(new BindingBook(_store).All.Single().Sources, Is.EqualTo((ColumnName[])[Ssn]), "after a restart");
        book.Change([book.All.Single().Id], []);
        Assert.That(book.Save());
        Assert.That(_store.Bindings(), Is.Empty);
    }

    [Test]
    public void Reasons_of_one_column_add_up()
    {
        var book = new BindingBook(_store);
        book.Change([], [Binding(1, Ssn)]);
        book.Change([], [Binding(1, Email) with { IsDerived = true, Present = Email }]);
        var both = book.All.Single();
        Assert.That((both.Sources, both.IsDerived, both.Present), Is.EqualTo(((IReadOnlyList<ColumnName>)[Ssn, Email], true, Email)));
        Assert.That(both.Covers(Binding(1, Ssn) with { Present = Email }), "nothing is taken away");
    }

    [Test]
    [CancelAfter(30_000)]
    public void A_store_that_takes_nothing_is_tried_again_and_misses_nothing_then(CancellationToken cancellationToken)
    {
        var book = new BindingBook(_store);
        _store.IsBroken = true;
        book.Change([], [Binding(1, Ssn)]);
        Assert.That(book.Save(), Is.False);
        Assert.That(book.Problem, Is.Not.Null);
        book.Change([], [Binding(2, Email)]);
        _store.IsBroken = false;
        while (!book.Save())
            cancellationToken.ThrowIfCancellationRequested();
        Assert.That((_store.Bindings().Count, book.Problem), Is.EqualTo((2, (string?)null)));
    }

    [Test]
    public void A_database_sees_what_is_bound_on_its_server_and_what_its_listener_has_shown_elsewhere()
    {
        var book = new BindingBook(_store);
        book.Change([], [Binding(1, Ssn)]);
        Assert.That(book.Of("second", "db:1", "renamed"), Has.Count.EqualTo(1));
        Assert.That(book.Of("app", "moved:1", "shop"), Has.Count.EqualTo(1));
        Assert.That(book.Of("app", "moved:1", "renamed").Concat(book.Of("second", "moved:1", "shop")), Is.Empty);
    }

    private static ColumnBinding Binding(short attribute, ColumnName source) => new()
    {
        Listener = "app",
        Upstream = "db:1",
        Database = "shop",
        DatabaseNumber = 5,
        Relation = 20_000,
        Attribute = attribute,
        Name = Ssn,
        Present = Ssn,
        Sources = [source],
        Since = DateTimeOffset.UnixEpoch,
    };
}
