namespace WireGuardian.Postgres.Relay;

/// <summary>Counts masked values by rule. Called per value: must not allocate.</summary>
public interface IMaskStatistics
{
    void CountMaskedValue(string rule);
}
