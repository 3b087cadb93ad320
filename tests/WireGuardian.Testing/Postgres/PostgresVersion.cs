namespace WireGuardian.Testing.Postgres;

/// <summary>The major versions that the tests run against, by their number.</summary>
public enum PostgresVersion
{
    Version14 = 14,
    Version15 = 15,
    Version16 = 16,
    Version17 = 17,
    Version18 = 18,
}
