using WireGuardian.Core.Labels;

namespace WireGuardian.Testing.Labels;

/// <summary>A store in memory that can be made to fail.</summary>
public sealed class InMemoryLabelStore : ILabelStore
{
    private readonly Dictionary<string, ColumnLabel> _labels = [];
    private readonly Dictionary<string, ColumnBinding> _bindings = [];

    /// <summary>While true, nothing can be written.</summary>
    public bool IsBroken { get; set; }

    public IReadOnlyList<ColumnLabel> All() => [.. _labels.Values.OrderBy(label => label.Since)];

    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved)
    {
        if (IsBroken)
            throw new LabelStoreException("The store of this test takes nothing.");
        foreach (var id in removed)
            _labels.Remove(id);
        foreach (var label in saved)
            _labels[label.Id] = label;
    }

    public IReadOnlyList<ColumnBinding> Bindings() => [.. _bindings.Values];

    public void ChangeBindings(IReadOnlyList<string> removed, IReadOnlyList<ColumnBinding> saved)
    {
        if (IsBroken)
            throw new LabelStoreException("The store of this test takes nothing.");
        foreach (var id in removed)
            _bindings.Remove(id);
        foreach (var binding in saved)
            _bindings[binding.Id] = binding;
    }
}
