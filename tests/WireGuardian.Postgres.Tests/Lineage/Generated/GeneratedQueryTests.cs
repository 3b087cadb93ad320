using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>
/// The proof of lineage: for thousands of random queries, each masked column is given other values, and a column of the result that changes must have it in its lineage.
/// Where the masked column chooses or orders rows, the statement's predicates must say so, and then any column may change.
/// </summary>
[Category("Slow")]
[TestFixture(PostgresVersion.Version15, 1)]
[TestFixture(PostgresVersion.Version18, 2)]
public sealed class GeneratedQueryTests(PostgresVersion version, int seed)
{
    private const int Queries = 5_000;
    private const int MostChoices = 200;

    private int _refused;
    private int _unknown;
    private int _changed;
    private int _excused;
    private int _columns;
    private int _narrow;
    private int _plain;

    [Test]
    public async Task A_column_that_changes_with_a_masked_one_has_it_in_its_lineage()
    {
        await using var database = await GeneratedDatabase.StartAsync(version);
        var choices = from length in Gen.Choose(0, MostChoices) from list in Gen.Choose(0, 1 << 20).ArrayOf(length) select list;
        Prop.ForAll(Arb.From(choices, Smaller), list => Check(database, QueryBuilder.Build(list)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Queries).WithReplay((ulong)seed, 1));

        TestContext.Out.WriteLine(
            $"{Queries} queries, {_refused} refused by the server; {_columns} columns, {_unknown} unknown, {_narrow} without some masked column that its query reads; "
            + $"{_changed} changes by lineage ({_plain} of plain columns), {_excused} by predicates");
        Assert.That(_refused, Is.LessThan(Queries / 4));
        Assert.That(_unknown, Is.Zero);
        Assert.That(_changed, Is.GreaterThan(Queries / 4), "changes that only lineage accounts for");
        Assert.That(_narrow, Is.GreaterThan(_columns / 4), "lineage that says everything of every column proves nothing");
    }

    private void Check(GeneratedDatabase database, string query)
    {
        if (database.Run(query) is not { } run)
        {
            _refused++;
            return;
        }
        var (lineage, result) = run;
        for (var column = 0; column < lineage.Columns.Count; column++)
        {
            var known = lineage.Columns[column].Lineage;
            _columns++;
            _unknown += known.IsKnown ? 0 : 1;
            _narrow += known.IsKnown && database.Masked.Any(masked => lineage.Relations.Contains(masked.Relation) && !known.Columns.Contains(masked)) ? 1 : 0;
            for (var masked = 0; masked < database.Masked.Count; masked++)
                Check(query, lineage, column, masked, database.Masked[masked], result.Columns[0][column], result.Columns[masked + 1][column]);
        }
    }

    private void Check(string query, StatementLineage lineage, int column, int index, ColumnKey masked, string[] before, string[] after)
    {
        if (before.SequenceEqual(after))
            return;
        var known = lineage.Columns[column].Lineage;
        if (lineage.Predicates.Columns.Contains(masked) || !lineage.Predicates.IsKnown)
        {
            _excused++;
            return;
        }
        _changed++;
        if (known.IsKnown && !known.Columns.Contains(masked))
            throw new InvalidOperationException($"column {column + 1} changes with {GeneratedSchema.Masked[index]}, but its lineage is {known}\n{query}");

        // Of a plain column only the changed values themselves can be new.
        if (known.IsPlain)
        {
            _plain++;
            if (after.Except(before).Any(value => !GeneratedSchema.Changed[index].Contains(value[1..])))
                throw new InvalidOperationException($"column {column + 1} is {known}, but is computed from {GeneratedSchema.Masked[index]}\n{query}");
        }
    }

    private static IEnumerable<int[]> Smaller(int[] list)
    {
        for (var size = list.Length; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= list.Length; start += size)
                yield return [.. list[..start], .. list[(start + size)..]];
        }
        for (var index = 0; index < list.Length; index++)
        {
            if (list[index] != 0)
                yield return [.. list[..index], 0, .. list[(index + 1)..]];
        }
    }
}
