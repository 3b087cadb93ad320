namespace WireGuardian.Postgres.Lineage;

/// <summary>CmdType (src/include/nodes/nodes.h), as far as versions agree on it: 5 is MERGE since 15, and utility statements are told by their own field.</summary>
internal static class QueryCommand
{
    public const int Select = 1;
    public const int Update = 2;
    public const int Insert = 3;
}
