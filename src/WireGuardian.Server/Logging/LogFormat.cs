namespace WireGuardian.Server.Logging;

/// <summary>How the log is written.</summary>
public enum LogFormat
{
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
