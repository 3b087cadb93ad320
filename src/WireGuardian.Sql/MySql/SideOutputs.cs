namespace WireGuardian.Sql.MySql;

/// <summary>What a statement shows that no relation in its text tells: values may be in it.</summary>
[Flags]
public enum SideOutputs
{
    None = 0,

    /// <summary>Messages of earlier statements, which quote values: SHOW WARNINGS, SHOW ERRORS, GET DIAGNOSTICS.</summary>
    Diagnostics = 1 << 0,

    /// <summary>Statements of other sessions: SHOW PROCESSLIST, EXPLAIN FOR CONNECTION, SHOW ENGINE … STATUS.</summary>
    StatementTexts = 1 << 1,

    /// <summary>Changed rows: SHOW BINLOG EVENTS, SHOW RELAYLOG EVENTS.</summary>
    BinaryLog = 1 << 2,

    /// <summary>Files of the server's machine: LOAD_FILE.</summary>
    ServerFiles = 1 << 3,
}
