namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>What a client reads before it knows that an answer is over.</summary>
public enum AnswerShape
{
    /// <summary>COM_STMT_CLOSE has no answer.</summary>
    Nothing,

    /// <summary>One packet.</summary>
    Packet,

    /// <summary>Any number of results, of text or binary rows, or the request for a file.</summary>
    Results,

    /// <summary>COM_STMT_PREPARE's.</summary>
    Prepared,

    /// <summary>Rows, or column definitions, up to what ends them.</summary>
    Rows,
}
