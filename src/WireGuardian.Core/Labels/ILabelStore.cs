namespace WireGuardian.Core.Labels;

/// <summary>Where labels, and what rules are bound to, are kept beyond the process. Every method throws <see cref="LabelStoreException"/> when the store cannot be read or written.</summary>
public interface ILabelStore
{
    IReadOnlyList<ColumnLabel> All();

    /// <summary>Removes labels and keeps others, as one change. Durable on return.</summary>
    /// <param name="removed">Ids; those that are not there are passed over.</param>
    /// <param name="saved">New ones, or others in the place of earlier ones of the same id.</param>
    void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved);

    /// <summary>The bindings of columns to rules of the configuration.</summary>
    IReadOnlyList<ColumnBinding> Bindings();

    /// <summary>Removes bindings and keeps others, as one change. Durable on return.</summary>
    /// <param name="removed">Ids; those that are not there are passed over.</param>
    /// <param name="saved">New ones, or others in the place of earlier ones of the same id.</param>
    void ChangeBindings(IReadOnlyList<string> removed, IReadOnlyList<ColumnBinding> saved);
}

/// <summary>The store of labels cannot be read or written.</summary>
public sealed class LabelStoreException(string message, Exception? inner = null) : Exception(message, inner);
