namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>
/// The decisions that a generated query is built from: FsCheck makes and shrinks the list, and where it ends every decision is the first and simplest one, so
/// that a shorter list is a smaller query.
/// </summary>
internal sealed class Choices(IReadOnlyList<int> list)
{
    private int _next;

    /// <summary>A number below <paramref name="count"/>.</summary>
    public int Next(int count) => _next < list.Count ? list[_next++] % count : 0;

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => Next(times) == times - 1;

    public T Of<T>(params IReadOnlyList<T> items) => items[Next(items.Count)];
}
