namespace WireGuardian.Postgres.Relay;

/// <summary>Counts masked values by rule. Called once per read: must not allocate.</summary>
public interface IMaskStatistics
{
    void CountMaskedValues(string rule, int count);
}
