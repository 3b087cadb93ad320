using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>What a name that was made in SQL (PREPARE, DECLARE) stands for, where it can stand for nothing else.</summary>
/// <param name="Definition">The statement that made it, with what it says of the query inside.</param>
/// <param name="Text">The text that the definition stood in, as the server read it.</param>
/// <param name="View">The picture of the catalog when it was made: what names in a cursor's query meant then is what it reads.</param>
public sealed record NamedQuery(NamedStatement Definition, PreparedStatement Text, ICatalogView View)
{
    /// <summary>The same, to ask where its columns come from.</summary>
    public LineageQuestion Question() => new(
        Text.Text.AsMemory(Definition.Facts.Text), Definition.Facts, Text.Settings!.StandardConformingStrings, Definition.IsCursor ? Text.ParameterTypes : default)
    {
        DeclaredTypes = Text.Text.AsMemory(Definition.ParameterTypes),
    };
}
