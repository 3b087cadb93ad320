using System.Text;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>One field of an ErrorResponse or NoticeResponse.</summary>
/// <param name="Code">Its code, as <see cref="ErrorField"/> has them.</param>
/// <param name="Value">Its bytes, each as one character, for its encoding is not known.</param>
internal readonly record struct MessageField(byte Code, string Value);

/// <summary>The fields of a message in their order.</summary>
internal sealed class MessageFields : List<MessageField>
{
    /// <summary>Class 22 of SQLSTATE: what such an error quotes is a value.</summary>
    public bool IsDataException => Find(ErrorField.SqlState).StartsWith("22", StringComparison.Ordinal);

    /// <summary>Null when malformed: no zero byte at the end, a field without one, or a field that must not be missing or repeated.</summary>
    public static MessageFields? TryRead(ReadOnlySpan<byte> body)
    {
        if (!ErrorResponse.TryParse(body, out var message))
            return null;
        var fields = new MessageFields();
        foreach (var field in message)
        {
            if (fields.Has(field.Code))
                return null;
            fields.Add(new MessageField(field.Code, Encoding.Latin1.GetString(field.Value)));
        }
        var valid = fields.Has(ErrorField.LocalizedSeverity) && fields.Has(ErrorField.SqlState) && fields.Has(ErrorField.Message);
        return valid ? fields : null;
    }

    /// <summary>The field's value; empty when there is none.</summary>
    public string Find(byte code) => Find(field => field.Code == code).Value ?? "";

    private bool Has(byte code) => Exists(field => field.Code == code);
}
