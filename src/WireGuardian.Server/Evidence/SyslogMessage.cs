using System.Globalization;
using System.Text;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Evidence;

/// <summary>A checkpoint as a message of RFC 5424: facility log audit, severity informational, the checkpoint's JSON as its text.</summary>
internal static class SyslogMessage
{
    private const int LogAudit = 13;
    private const int Informational = 6;

    public static byte[] Of(SignedCheckpoint checkpoint, string host) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"<{(LogAudit * 8) + Informational}>1 {checkpoint.Checkpoint.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} {Header(host)} wireguardian {Environment.ProcessId} checkpoint - {EvidenceJson.Line(checkpoint)}"));

    /// <summary>RFC 6587's octet counting: over a stream, each message says how long it is.</summary>
    public static byte[] Counted(byte[] message) => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")), .. message];

    /// <summary>Header fields are printable ASCII without blanks; "-" stands for none.</summary>
    private static string Header(string text)
    {
        var printable = new string([.. text.Where(character => character is > ' ' and < '\x7f').Take(255)]);
        return printable.Length == 0 ? "-" : printable;
    }
}
