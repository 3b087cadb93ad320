using WireGuardian.Core.Labels;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Which columns of one database the rules in force have come to stand for. A rule names a column as it stood when the rule was loaded, and a column that holds masked values goes on
/// holding them: once bound, a column stays bound through renames, moves, swaps of names, detached partitions, dropped expressions and restarts, until it is dropped or no rule of the
/// configuration has to do with it.
/// </summary>
internal sealed class ColumnBindings(BindingBook book, string listener, string upstream, string database, TimeProvider time)
{
    public string Upstream => upstream;

    public string Database => database;

    /// <inheritdoc cref="BindingBook.Of"/>
    public IReadOnlyList<ColumnBinding> Known => book.Of(listener, upstream, database);

    /// <summary>Why DDL would be forgotten by the next start: the bindings are not in the store. Null where they are.</summary>
    public string? Problem => book.Problem;

    /// <inheritdoc cref="BindingBook.Change"/>
    public void Change(IEnumerable<string> removed, IEnumerable<ColumnBinding> added) => book.Change(removed, added);

    /// <inheritdoc cref="BindingBook.Save"/>
    public bool Save() => book.Save();

    /// <summary>A binding that has no reasons yet.</summary>
    public ColumnBinding Make(ColumnKey key, ColumnName name, uint databaseNumber) => new()
    {
        Listener = listener,
        Upstream = upstream,
        Database = database,
        DatabaseNumber = databaseNumber,
        Relation = key.Relation,
        Attribute = key.Attribute,
        Name = name,
        Present = name,
        Since = time.GetUtcNow(),
    };
}
