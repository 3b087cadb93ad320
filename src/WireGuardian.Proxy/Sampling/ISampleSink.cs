namespace WireGuardian.Proxy.Sampling;

/// <summary>Takes the rows of one table.</summary>
public interface ISampleSink
{
    /// <summary>A row begins.</summary>
    void AddRow();

    /// <summary>A value of the row; none comes for NULL.</summary>
    /// <param name="column">Which of the columns that were asked for.</param>
    /// <param name="value">UTF-8, perhaps cut short. The sink may write to it, and must not keep it.</param>
    void AddValue(int column, Span<byte> value);
}
