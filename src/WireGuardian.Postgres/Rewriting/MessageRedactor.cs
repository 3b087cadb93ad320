using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Rewriting.Messages;

namespace WireGuardian.Postgres.Rewriting;

/// <summary>
/// Takes what may be a value of a masked column out of the body of an ErrorResponse or NoticeResponse: a run of fields, each a code and a C string,
/// ended by a zero byte (section 55.8 of the manual). What is not known to be harmless goes.
/// </summary>
public static class MessageRedactor
{
    /// <summary>Stands for a text that cannot be told apart from a value.</summary>
    public const string Withheld = "withheld, because it may quote a masked value";

    /// <summary>Total: a malformed body becomes a minimal valid one.</summary>
    /// <param name="body">The message without its type and length.</param>
    /// <param name="identifiers">The names that the client's own statement holds; to show them tells the client nothing.</param>
    /// <param name="output">The new body is appended here.</param>
    public static void Redact(ReadOnlySpan<byte> body, IReadOnlySet<Identifier> identifiers, MaskOutput output)
    {
        if (MessageFields.TryRead(body) is { } fields)
        {
            var origin = MessageOrigins.Of(fields);
            var names = HarmlessNames.Of(fields, identifiers, origin);
            foreach (var field in fields)
            {
                if (Redact(field, origin, names, fields.IsDataException) is { } value)
                    Write(field.Code, value, output);
            }
        }
        else
        {
            Write(ErrorField.LocalizedSeverity, "ERROR", output);
            Write(ErrorField.Severity, "ERROR", output);
            Write(ErrorField.SqlState, "XX000", output);
            Write(ErrorField.Message, Withheld, output);
        }
        output.WriteByte(0);
    }

    /// <summary>What stays of a field; null where nothing does.</summary>
    private static string? Redact(MessageField field, MessageOrigin origin, HarmlessNames names, bool dataException)
    {
        var raised = origin == MessageOrigin.Raised;
        switch (field.Code)
        {
            case ErrorField.LocalizedSeverity or ErrorField.Severity or ErrorField.Position or ErrorField.InternalPosition
                or ErrorField.File or ErrorField.Line or ErrorField.Routine:
                return field.Value;
            case ErrorField.SqlState:
                return raised && !SqlStates.IsKnown(field.Value) ? SqlStates.RaiseException : field.Value;
            case ErrorField.Schema or ErrorField.Table or ErrorField.Column or ErrorField.DataType or ErrorField.Constraint:
                return raised && !names.Contains(field.Value) ? HarmlessText.Stars : field.Value;
            case ErrorField.Message:
                return raised ? HarmlessText.StarOut(field.Value) : MessageText.Redact(field.Value, origin, names, dataException);
            case ErrorField.Detail:
                return raised ? HarmlessText.StarOut(field.Value) : DetailText.Redact(field.Value, origin, names);
            case ErrorField.Hint:
                return raised
                    ? HarmlessText.StarOut(field.Value)
                    : new HarmlessText(names).Vet(field.Value) is { Complete: true } ? field.Value : null;
            case ErrorField.Where:
                return ContextText.Redact(field.Value, names);
            case ErrorField.InternalQuery:
                return HarmlessText.Stars;
            default:
                // A field of a later version of the protocol.
                return null;
        }
    }

    private static void Write(byte code, string value, MaskOutput output)
    {
        output.WriteByte(code);
        Encoding.Latin1.GetBytes(value, output.Extend(value.Length));
        output.WriteByte(0);
    }
}
