using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What the configuration in force says of bindings.</summary>
/// <param name="all">All masking rules.</param>
/// <param name="here">Those that are for this listener.</param>
/// <param name="labels">The labels of the database.</param>
/// <param name="made">Makes rules for what several of them mask, or mask as a whole.</param>
internal sealed class BindingRules(IReadOnlyList<MaskingRule> all, IReadOnlyList<MaskingRule> here, IReadOnlyList<ColumnLabel> labels, LabelRules made)
{
    private readonly Dictionary<(ColumnName Name, bool HasDocuments), MaskingRule?> _named = [];
    private readonly Dictionary<string, ColumnLabel> _labels = labels.ToDictionary(label => label.Id, StringComparer.Ordinal);

    /// <summary>What the rules come to that name the column as it was called when it was bound; null where none does.</summary>
    public MaskingRule? Naming(ColumnBinding binding) => Named(binding.Name, binding.HasDocuments);

    /// <summary>The rule that masks it for what its values come from; null where none does.</summary>
    public MaskingRule? Behind(ColumnBinding binding)
    {
        var behind = binding.Labels.Select(id => _labels.GetValueOrDefault(id)?.Column).OfType<LabelledColumn>().ToArray();
        var isDerived = binding.IsDerived || behind.Any(label => label.IsDerived);
        // Of the column itself that is said by who names it.
        var sources = binding.Sources.Where(name => name != binding.Name).Select(name => Named(name, binding.HasDocuments)).OfType<MaskingRule>().ToArray();
        if (!isDerived && binding.Rules.Count == 0 && behind.Length == 0 && sources.Any(source => source.Parts is not null) && Widest(sources) is { } places)
            return places;
        var named = sources.Concat(binding.Rules.Select(Find)).OfType<MaskingRule>().Where(rule => !(isDerived && rule.LeavesDerived));
        string[] names = [.. named.SelectMany(LabelRules.NamesOf).Concat(behind.SelectMany(label => label.Rules)).Distinct(StringComparer.Ordinal)];
        // Which of the places it was whose values these are is not known any more.
        isDerived |= sources.Any(source => source.Parts is not null);
        return names.Length == 0 ? null : made.Of(names, isDerived);
    }

    /// <summary>The names of the configuration's rules that a rule stands for.</summary>
    public IReadOnlyList<string> NamesOf(MaskingRule rule) =>
        [.. ColumnRules.Behind(rule).SelectMany(one => made.Made.TryGetValue(one, out var names) ? names : [one.Name]).Distinct(StringComparer.Ordinal)];

    /// <summary>For a column that rules name for places in its documents, and whose values are others' too. Documents that are computed may hold anything anywhere.</summary>
    public MaskingRule Both(MaskingRule own, MaskingRule behind) =>
        made.Made.ContainsKey(behind) ? made.Of([.. NamesOf(own), .. NamesOf(behind)], isDerived: true)! : ColumnRules.Together(own, behind, static _ => true);

    /// <summary>True when no rule of any listener, and no label, has to do with it any more.</summary>
    public bool IsOver(ColumnBinding binding) =>
        !binding.Sources.Append(binding.Name).Any(name => all.Any(rule => rule.Columns.Any(pattern => Names(pattern, name, binding.HasDocuments))))
        && !binding.Rules.Any(name => Find(name) is not null || all.Any(rule => rule.Name == name)) && !binding.Labels.Any(_labels.ContainsKey);

    private MaskingRule? Find(string name) => name == BuiltInReaders.Rule.Name ? BuiltInReaders.Rule : here.FirstOrDefault(rule => rule.Name == name);

    /// <summary>The one that masks all places that any of them does; null where none does, or one of them masks the whole column.</summary>
    private static MaskingRule? Widest(MaskingRule[] rules)
    {
        var widest = rules.MaxBy(rule => rule.Parts?.Count ?? 0)!;
        return Array.TrueForAll(rules, rule => rule.Parts is { } parts && (ColumnRules.IsPartial(rule) ? parts.All(widest.Parts!.Contains) && ColumnRules.IsPartial(widest) : parts.SequenceEqual(widest.Parts!)))
            ? widest
            : null;
    }

    private MaskingRule? Named(ColumnName name, bool hasDocuments)
    {
        if (_named.TryGetValue((name, hasDocuments), out var known))
            return known;
        MaskingRule? named = null;
        foreach (var rule in here)
        {
            foreach (var pattern in rule.Columns.Where(pattern => Names(pattern, name, hasDocuments)))
                named = ColumnRules.With(named, new(rule, pattern.Path), here);
        }
        return _named[(name, hasDocuments)] = named;
    }

    private static bool Names(ColumnPattern pattern, ColumnName name, bool hasDocuments) =>
        (hasDocuments || !pattern.IsForDocuments) && pattern.Matches(name.Schema, name.Table, name.Column);
}
