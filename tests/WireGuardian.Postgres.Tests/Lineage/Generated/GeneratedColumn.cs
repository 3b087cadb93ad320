namespace WireGuardian.Postgres.Tests.Lineage.Generated;

internal enum GeneratedType
{
    Text,
    Number,
    List,
}

/// <summary>A column that a generated query can name; clean where no masked column goes into it.</summary>
internal sealed record GeneratedColumn(string Sql, GeneratedType Type, bool IsClean = false);

/// <summary>A query that returns columns named c1, c2 and so on.</summary>
internal sealed record GeneratedQuery(string Sql, IReadOnlyList<GeneratedType> Types);
