using WireGuardian.Core.Labels;

namespace WireGuardian.Testing.Labels;

/// <summary>A store in memory that can be made to fail.</summary>
public sealed class InMemoryLabelStore : ILabelStore
{
    private readonly Dictionary<string, ColumnLabel> _labels = [];

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
}
