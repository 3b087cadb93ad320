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
    private readonly Dictionary<ColumnName, MaskingRule?> _first = [];
    private readonly Dictionary<string, ColumnLabel> _labels = labels.ToDictionary(label => label.Id, StringComparer.Ordinal);

    /// <summary>The rule that names the column as it was called when it was bound; null where none does.</summary>
    public MaskingRule? Naming(ColumnBinding binding) => First(binding.Name);

    /// <summary>The rule that masks it for what its values come from; null where none does.</summary>
    public MaskingRule? Behind(ColumnBinding binding)
    {
        var behind = binding.Labels.Select(id => _labels.GetValueOrDefault(id)?.Column).OfType<LabelledColumn>().ToArray();
        var isDerived = binding.IsDerived || behind.Any(label => label.IsDerived);
        var named = binding.Sources.Select(First).Concat(binding.Rules.Select(Find)).OfType<MaskingRule>().Where(rule => !(isDerived && rule.LeavesDerived));
        string[] names = [.. named.Select(rule => rule.Name).Concat(behind.SelectMany(label => label.Rules)).Distinct(StringComparer.Ordinal)];
        return names.Length == 0 ? null : made.Of(names, isDerived);
    }

    /// <summary>The names of the configuration's rules that a rule stands for.</summary>
    public IReadOnlyList<string> NamesOf(MaskingRule rule) => made.Made.TryGetValue(rule, out var names) ? names : [rule.Name];

    /// <summary>True when no rule of any listener, and no label, has to do with it any more.</summary>
    public bool IsOver(ColumnBinding binding) =>
        !binding.Sources.Append(binding.Name).Any(name => First(name) is not null || all.Any(rule => Names(rule, name)))
        && !binding.Rules.Any(name => Find(name) is not null || all.Any(rule => rule.Name == name)) && !binding.Labels.Any(_labels.ContainsKey);

    private MaskingRule? Find(string name) => name == BuiltInReaders.Rule.Name ? BuiltInReaders.Rule : here.FirstOrDefault(rule => rule.Name == name);

    private MaskingRule? First(ColumnName name)
    {
        if (!_first.TryGetValue(name, out var rule))
            _first[name] = rule = here.FirstOrDefault(rule => Names(rule, name));
        return rule;
    }

    private static bool Names(MaskingRule rule, ColumnName name) => rule.Columns.Any(pattern => pattern.Matches(name.Schema, name.Table, name.Column));
}
