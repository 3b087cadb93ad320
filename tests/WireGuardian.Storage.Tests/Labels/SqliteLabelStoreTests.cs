using System.Text.Json;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Labels;
using WireGuardian.Storage.Labels;

namespace WireGuardian.Storage.Tests.Labels;

public sealed class SqliteLabelStoreTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Labels_are_found_as_they_were_after_a_restart_and_by_a_program_beside()
    {
        ColumnLabel[] labels = [Label("L1", 1), Label("L2", 2), Label("L3", 3)];
        using (var store = SqliteLabelStore.Open(_directory.Path))
        {
            store.Change([], labels);
            store.Change(["L2", "no such"], [labels[0] with { IsSettled = true }]);
        }
        using var next = SqliteLabelStore.Open(_directory.Path);
        var expected = Text([labels[0] with { IsSettled = true }, labels[2]]);
        Assert.That(Text(next.All()), Is.EqualTo(expected));
        var beside = new LabelReading(_directory.Path);
        Assert.That(Text(beside.All()), Is.EqualTo(expected));
        Assert.That(() => beside.Change([], labels), Throws.InstanceOf<LabelStoreException>());
        Assert.That(new LabelReading(Path.Combine(_directory.Path, "nowhere")).All(), Is.Empty);
    }

    [Test]
    public void A_store_that_is_closed_says_so()
    {
        var store = SqliteLabelStore.Open(_directory.Path);
        store.Dispose();
        Assert.That(() => store.Change([], [Label("L1", 1)]), Throws.InstanceOf<LabelStoreException>());
        Assert.That(store.All, Throws.InstanceOf<LabelStoreException>());
    }

    [Test]
    public void Bindings_are_found_as_they_were_after_a_restart_and_by_a_program_beside()
    {
        ColumnBinding[] bindings = [Binding(1), Binding(2), Binding(3)];
        using (var store = SqliteLabelStore.Open(_directory.Path))
        {
            store.ChangeBindings([], bindings);
            store.ChangeBindings([bindings[1].Id, "no such"], [bindings[0] with { IsRemembered = true }]);
        }
        using var next = SqliteLabelStore.Open(_directory.Path);
        var expected = JsonSerializer.Serialize<ColumnBinding[]>([bindings[0] with { IsRemembered = true }, bindings[2]]);
        Assert.That(JsonSerializer.Serialize(next.Bindings().OrderBy(binding => binding.Attribute)), Is.EqualTo(expected));
        Assert.That(JsonSerializer.Serialize(new LabelReading(_directory.Path).Bindings().OrderBy(binding => binding.Attribute)), Is.EqualTo(expected));
        Assert.That(new LabelReading(Path.Combine(_directory.Path, "nowhere")).Bindings(), Is.Empty);
    }

    [Test]
    public void A_store_of_the_first_version_is_upgraded_and_can_be_read_before()
    {
        using (var store = SqliteLabelStore.Open(_directory.Path))
            store.Change([], [Label("L1", 1)]);
        using (var first = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "labels.db")};Pooling=False"))
        {
            first.Open();
            using var back = first.CreateCommand();
            back.CommandText = "DROP TABLE binding; PRAGMA user_version = 1";
            back.ExecuteNonQuery();
        }
        Assert.That((new LabelReading(_directory.Path).All().Count, new LabelReading(_directory.Path).Bindings().Count), Is.EqualTo((1, 0)));
        using var upgraded = SqliteLabelStore.Open(_directory.Path);
        upgraded.ChangeBindings([], [Binding(1)]);
        Assert.That((upgraded.All().Count, upgraded.Bindings().Count), Is.EqualTo((1, 1)));
    }

    private static ColumnBinding Binding(short attribute) => new()
    {
        Listener = "app",
        Upstream = "127.0.0.1:5432",
        Database = "shop",
        DatabaseNumber = 16384,
        Relation = 4_000_000_000,
        Attribute = attribute,
        Name = new("public", "Grüße", "a.b"),
        Present = new("public", "Grüße", "c"),
        Sources = [new("public", "people", "ssn")],
        Rules = ["identity"],
        Labels = ["L1"],
        MaskedBy = ["identity"],
        IsDerived = true,
        Since = Noon,
    };

    private static string Text(IEnumerable<ColumnLabel> labels) => JsonSerializer.Serialize(labels);

    private static ColumnLabel Label(string id, short attribute) => new()
    {
        Id = id,
        Listener = "app",
        Upstream = "127.0.0.1:5432",
        Database = "shop",
        DatabaseNumber = 16384,
        Column = new LabelledColumn
        {
            Relation = 4_000_000_000,
            Attribute = attribute,
            Schema = "public",
            Table = "Grüße",
            Column = "x",
            Rules = ["identity"],
            IsDerived = true,
            Sources = ["public.people.ssn"],
            Namesakes = [17, 18],
        },
        Cause = "statement",
        Principal = "ann",
        Digest = "ab",
        RequestId = "k3m9x2aa",
        Since = Noon.AddSeconds(attribute),
    };
}
