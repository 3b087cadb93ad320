namespace WireGuardian.Core.Statements;

/// <summary>A relation that a statement makes and fills from a query: CREATE TABLE … AS, CREATE MATERIALIZED VIEW, SELECT … INTO.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Query">The query alone, in the statement's own spelling: its columns are the relation's, in order.</param>
public sealed record CreatedRelation(Identifier Name, ReadOnlyMemory<byte> Query);

/// <summary>What ALTER TABLE computes for the rows of a table: USING, GENERATED and DEFAULT.</summary>
/// <param name="Table">The table.</param>
/// <param name="Query">
/// <c>SELECT (expression), (column), … FROM ONLY table</c>: two columns for each expression, the second the column that it is stored in, or NULL for a column that
/// the statement adds.
/// </param>
public sealed record RewrittenColumns(Identifier Table, ReadOnlyMemory<byte> Query);

/// <summary>ALTER … RENAME TO of a relation.</summary>
public sealed record RenamedRelation(Identifier From, string To);
