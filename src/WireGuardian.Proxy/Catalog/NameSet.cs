using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Catalog;

/// <summary>Names of objects, to be found with their schema where a reference surely gives one, otherwise by the name alone.</summary>
public sealed class NameSet
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<Identifier> _qualified = [];
    private readonly HashSet<string> _anywhere = new(StringComparer.Ordinal);

    public bool IsEmpty => _names.Count == 0;

    public void Add(string schema, string name)
    {
        _names.Add(name);
        _qualified.Add(new Identifier(schema, name));
    }

    /// <summary>A name that counts whatever stands before it; true when it was not in the set.</summary>
    public bool AddAnywhere(string name)
    {
        _names.Add(name);
        return _anywhere.Add(name);
    }

    /// <summary>True when an object of that name, in any schema, is in the set.</summary>
    public bool Contains(string name) => _names.Contains(name);

    /// <summary>True when the set holds what <paramref name="reference"/> names; its qualifier is a schema, or null.</summary>
    public bool Contains(Identifier reference) =>
        _names.Contains(reference.Name) && (reference.Qualifier is null || _qualified.Contains(reference) || _anywhere.Contains(reference.Name));

    /// <summary>
    /// The same for one of a statement's identifiers, whose qualifier can also be an alias, a relation or a column: it counts as a schema only where there is
    /// a schema of that name and the statement has no other use of it.
    /// </summary>
    public bool Contains(Identifier identifier, IReadOnlySet<Identifier> statement, IReadOnlySet<string> schemas)
    {
        if (!_names.Contains(identifier.Name))
            return false;
        if (identifier.Qualifier is not { } qualifier || _qualified.Contains(identifier) || _anywhere.Contains(identifier.Name) || !schemas.Contains(qualifier))
            return true;
        foreach (var other in statement)
        {
            if (other.Name == qualifier)
                return true;
        }
        return false;
    }
}
