using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>The names by which masked columns can be reached: relations that have one, and views, routines and triggers that name such a name.</summary>
internal sealed class Taint
{
    private readonly CatalogPicture _picture;

    private Taint(CatalogPicture picture) => _picture = picture;

    /// <summary>Relations and routines.</summary>
    public NameSet Names { get; } = new();

    /// <summary>Tables whose triggers may read masked columns when they are written.</summary>
    public NameSet WrittenNames { get; } = new();

    /// <summary>Views that may read masked columns.</summary>
    public HashSet<(string Schema, string Name)> Views { get; } = [];

    public static Taint Compute(CatalogPicture picture, IEnumerable<(string Schema, string Table)> masked)
    {
        var taint = new Taint(picture);
        foreach (var (schema, table) in masked)
            taint.Names.Add(schema, table);
        // Until nothing is added: what names a tainted name is tainted itself.
        while (taint.Spread())
        {
        }
        return taint;
    }

    /// <summary>True when one of the names is tainted.</summary>
    public bool Reaches(IReadOnlySet<Identifier> identifiers)
    {
        foreach (var identifier in identifiers)
        {
            if (BuiltInReaders.Contains(identifier.Name) || Names.Contains(identifier, identifiers, _picture.Schemas))
                return true;
        }
        return false;
    }

    private bool Spread()
    {
        var grew = false;
        foreach (var relation in _picture.Relations.Values)
        {
            if (relation.View is { } view && !Views.Contains((relation.Schema, relation.Name)) && (view.Facts.IsOpaque || Reaches(view.Facts.Identifiers)))
            {
                Views.Add((relation.Schema, relation.Name));
                Names.Add(relation.Schema, relation.Name);
                grew = true;
            }
        }
        foreach (var routine in _picture.Routines)
        {
            if (!Names.Contains(new Identifier(routine.Schema, routine.Name)) && MayRead(routine.Facts))
            {
                Names.Add(routine.Schema, routine.Name);
                grew = true;
            }
        }
        foreach (var trigger in _picture.Triggers)
        {
            if (!WrittenNames.Contains(new Identifier(trigger.Schema, trigger.Name)) && MayRead(trigger.Facts))
            {
                WrittenNames.Add(trigger.Schema, trigger.Name);
                grew = true;
            }
        }
        return grew;
    }

    /// <summary>Text that is made while it runs can name anything.</summary>
    private bool MayRead(RoutineFacts facts) => facts.HasDynamicSql || Reaches(facts.Identifiers);
}
