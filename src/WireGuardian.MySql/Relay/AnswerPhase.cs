namespace WireGuardian.MySql.Relay;

/// <summary>What is expected next of an answer.</summary>
public enum AnswerPhase : byte
{
    /// <summary>The first packet of an answer, or of one of several results.</summary>
    First,

    /// <summary>Definitions of a prepared statement's parameters.</summary>
    Parameters,
    ParametersEnd,

    /// <summary>Column definitions.</summary>
    Columns,

    /// <summary>The EOF behind them, where it is not deprecated.</summary>
    ColumnsEnd,
    Rows,
}
