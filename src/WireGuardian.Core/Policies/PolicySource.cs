namespace WireGuardian.Core.Policies;

/// <summary>The policy in force. Readers take <see cref="Current"/> once per decision, so that no decision mixes two policies.</summary>
public sealed class PolicySource
{
    private readonly Lock _replacing = new();
    private Policy _current;

    /// <param name="initial">The first policy; it gets version 1 unless it has one.</param>
    public PolicySource(Policy initial) => _current = initial.Version > 0 ? initial : initial with { Version = 1 };

    /// <summary>Raised after each replacement with the policy now in force, one replacement at a time. Handlers must be quick and not throw.</summary>
    public event Action<Policy>? Changed;

    /// <summary>The policy in force.</summary>
    public Policy Current => Volatile.Read(ref _current);

    /// <summary>Puts <paramref name="next"/> in force under the next version, whatever version it carries, and returns it as installed.</summary>
    public Policy Replace(Policy next)
    {
        lock (_replacing)
        {
            var installed = next with { Version = _current.Version + 1 };
            Volatile.Write(ref _current, installed);
            Changed?.Invoke(installed);
            return installed;
        }
    }
}
