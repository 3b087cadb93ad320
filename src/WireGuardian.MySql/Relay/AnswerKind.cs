namespace WireGuardian.MySql.Relay;

/// <summary>What the server sends in answer to a command.</summary>
public enum AnswerKind : byte
{
    /// <summary>One packet: OK, ERR or EOF.</summary>
    Status,

    /// <summary>One packet of text without a marker (COM_STATISTICS).</summary>
    Text,

    /// <summary>Column definitions up to an EOF (COM_FIELD_LIST).</summary>
    Fields,

    /// <summary>The answer to COM_STMT_PREPARE: numbers, definitions of parameters and columns.</summary>
    Prepared,

    /// <summary>OK, ERR, a file's name, or column definitions and rows; again while there are more results.</summary>
    Results,

    /// <summary>Rows of a cursor up to an EOF (COM_STMT_FETCH).</summary>
    Rows,

    /// <summary>A log in reply: packets until EOF or ERR.</summary>
    Stream,

    /// <summary>An authentication exchange that OK or ERR ends (COM_CHANGE_USER).</summary>
    Login,
}
