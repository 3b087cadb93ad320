namespace WireGuardian.Core.Statements;

/// <summary>
/// A name as it stands in a statement, folded as the server folds it: <c>Qualifier.Name</c>, where the qualifier is the
/// part directly before the name, if there is one. Whether it names a relation, a function or a column is not known from text alone.
/// </summary>
/// <param name="Qualifier">The part before the last dot, or null.</param>
/// <param name="Name">The last part.</param>
public readonly record struct Identifier(string? Qualifier, string Name)
{
    /// <summary>The name with its qualifier, for people to read.</summary>
    public override string ToString() => Qualifier is null ? Name : $"{Qualifier}.{Name}";
}
