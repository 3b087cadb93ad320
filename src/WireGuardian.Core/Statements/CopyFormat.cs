namespace WireGuardian.Core.Statements;

/// <summary>How COPY writes rows.</summary>
public enum CopyFormat
{
    Text,
    Csv,
    Binary,
}
