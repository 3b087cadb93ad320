using System.Text;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>One field of an ErrorResponse or NoticeResponse.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Value">Its bytes, each as one character, for its encoding is not known.</param>
internal readonly record struct MessageField(char Code, string Value)
{
    public const char Severity = 'S';
    public const char SeverityNotLocalised = 'V';
    public const char SqlState = 'C';
    public const char Message = 'M';
    public const char Detail = 'D';
    public const char Hint = 'H';
    public const char Position = 'P';
    public const char InternalPosition = 'p';
    public const char InternalQuery = 'q';
    public const char Context = 'W';
    public const char Schema = 's';
    public const char Table = 't';
    public const char Column = 'c';
    public const char DataType = 'd';
    public const char Constraint = 'n';
    public const char File = 'F';
    public const char Line = 'L';
    public const char Routine = 'R';
}

/// <summary>The fields of a message in their order.</summary>
internal sealed class MessageFields : List<MessageField>
{
    /// <summary>Class 22 of SQLSTATE: what such an error quotes is a value.</summary>
    public bool IsDataException => Find(MessageField.SqlState).StartsWith("22", StringComparison.Ordinal);

    /// <summary>Null when malformed: no zero byte at the end, a field without one, or a field that must not be missing or repeated.</summary>
    public static MessageFields? TryRead(ReadOnlySpan<byte> body)
    {
        var fields = new MessageFields();
        while (body.Length > 0 && body[0] != 0)
        {
            var code = (char)body[0];
            body = body[1..];
            var end = body.IndexOf((byte)0);
            if (end < 0 || fields.Exists(field => field.Code == code))
                return null;
            fields.Add(new MessageField(code, Encoding.Latin1.GetString(body[..end])));
            body = body[(end + 1)..];
        }
        var valid = body.Length == 1 && fields.Has(MessageField.Severity) && fields.Has(MessageField.SqlState) && fields.Has(MessageField.Message);
        return valid ? fields : null;
    }

    /// <summary>The field's value; empty when there is none.</summary>
    public string Find(char code) => Find(field => field.Code == code).Value ?? "";

    private bool Has(char code) => Exists(field => field.Code == code);
}
