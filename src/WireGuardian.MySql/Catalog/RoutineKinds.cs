using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>What routines and triggers do, those that they run in turn included.</summary>
internal sealed class RoutineKinds
{
    private const StatementKinds Writing = StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge | StatementKinds.Import;

    private readonly Dictionary<string, (StatementKinds Kinds, bool Variables)> _routines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (StatementKinds Kinds, bool Variables)> _triggers = new(StringComparer.Ordinal);

    public RoutineKinds(CatalogPicture picture)
    {
        foreach (var routine in picture.Routines)
            Add(_routines, routine.Name, KindsOf(routine.Facts), routine.Facts.UserVariablesWritten);
        foreach (var trigger in picture.Triggers)
            Add(_triggers, trigger.Name, KindsOf(trigger.Facts), trigger.Facts.UserVariablesWritten);
        while (Spread(picture))
        {
        }
    }

    /// <summary>True for the name of a routine.</summary>
    public bool IsKnown(string name) => _routines.ContainsKey(name);

    /// <summary>The kinds of what a statement runs by its calls, and by what it writes.</summary>
    public StatementKinds Of(MySqlStatement statement)
    {
        var kinds = StatementKinds.None;
        if (_routines.Count > 0)
        {
            foreach (var call in statement.Calls)
                kinds |= _routines.GetValueOrDefault(call.Name).Kinds;
        }
        if (_triggers.Count > 0 && (statement.Facts.Kinds & Writing) != StatementKinds.None)
        {
            foreach (var relation in statement.Facts.Relations)
                kinds |= _triggers.GetValueOrDefault(relation.Name).Kinds;
        }
        return kinds;
    }

    /// <summary>True when a user variable may hold afterwards what such code has read.</summary>
    public bool WritesVariables(MySqlStatement statement) =>
        statement.Calls.Any(call => _routines.GetValueOrDefault(call.Name).Variables)
        || statement.Facts.Relations.Any(relation => _triggers.GetValueOrDefault(relation.Name).Variables);

    private static StatementKinds KindsOf(RoutineFacts facts) => facts.Kinds | (facts.HasDynamicSql ? StatementKinds.Unclassified : StatementKinds.None);

    private static bool Add(Dictionary<string, (StatementKinds Kinds, bool Variables)> names, string name, StatementKinds kinds, bool variables)
    {
        var before = names.GetValueOrDefault(name);
        names[name] = (before.Kinds | kinds, before.Variables || variables);
        return names[name] != before;
    }

    private bool Spread(CatalogPicture picture)
    {
        var grew = false;
        foreach (var (names, code) in new[] { (_routines, picture.Routines), (_triggers, picture.Triggers) })
        {
            foreach (var one in code)
            {
                foreach (var identifier in one.Facts.Identifiers)
                {
                    if (_routines.TryGetValue(identifier.Name, out var called))
                        grew |= Add(names, one.Name, called.Kinds, called.Variables);
                    if ((one.Facts.Kinds & Writing) != StatementKinds.None && _triggers.TryGetValue(identifier.Name, out var triggered))
                        grew |= Add(names, one.Name, triggered.Kinds, triggered.Variables);
                }
            }
        }
        return grew;
    }
}
