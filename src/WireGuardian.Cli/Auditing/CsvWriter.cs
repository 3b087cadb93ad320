using System.Globalization;
using System.Text;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Auditing;

/// <summary>
/// Audit records as CSV (RFC 4180, lines end with LF). Statements, logins and applications are a stranger's words, and spreadsheets run what begins like a
/// formula: such a field gets an apostrophe in front. What is not visible becomes an escape.
/// </summary>
internal static class CsvWriter
{
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";

    public const string Head =
        "sequence,time,event,requestId,principal,person,client,operator,channel,method,listener,database,kinds,decision,rule,policyVersion,digest,statement,detail,"
        + "count,formatVersion,previousHash,hash";

    public static string Line(AuditRecord record)
    {
        string[] fields =
        [
            record.Sequence.ToString(CultureInfo.InvariantCulture), Moment.Rfc3339(record.Time), record.Event, record.RequestId, record.Principal, record.Person,
            record.Client, record.Operator, record.Channel, record.Method, record.Listener, record.Database, string.Join(' ', record.Kinds), record.Decision, record.Rule,
            record.PolicyVersion, record.Digest, record.Statement, record.Detail, record.Count.ToString(CultureInfo.InvariantCulture),
            record.FormatVersion.ToString(CultureInfo.InvariantCulture), record.PreviousHash, record.Hash,
        ];
        return string.Join(',', fields.Select(Field));
    }

    public static string Field(string text)
    {
        var shown = new StringBuilder(text.Length);
        if (text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal))
            shown.Append('\'');
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t')
                shown.Append((char)rune.Value);
            else
                TerminalText.AppendVisible(shown, rune);
        }
        var field = shown.ToString();
        return field.AsSpan().ContainsAny("\",\n\t'") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }
}
