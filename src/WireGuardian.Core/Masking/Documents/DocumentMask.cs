using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Masking.Documents;

/// <summary>
/// Masks JSON documents where places are: what is there is masked by its kind, all else stays byte for byte. A string is masked as a text is; numbers become others, booleans false; an object
/// or array is masked in every scalar, of which <c>partial</c> and <c>email</c> leave nothing; <c>null</c> leaves the null of JSON. Belongs to one session.
/// </summary>
public sealed class DocumentMask : IValueMask
{
    private const byte Version = 1;

    private readonly JsonWalker _walker;
    private readonly DocumentForm _form;
    private readonly MaskKind[] _kinds;
    private readonly JsonScalars[] _scalars;
    private readonly MaskOutput _text = new();

    /// <param name="places">What is masked.</param>
    /// <param name="form">How documents stand in values.</param>
    /// <param name="key">The key of <c>hash</c> and <c>token</c>.</param>
    public DocumentMask(JsonPlaces places, DocumentForm form, MaskKey key)
    {
        (_walker, _form) = (new(places), form);
        _kinds = [.. places.All.Select(place => place.Mask ?? MaskKind.Redact)];
        _scalars = [.. _kinds.Select(kind => kind is MaskKind.Hash or MaskKind.Token ? JsonScalars.Keyed(key, kind == MaskKind.Token) : JsonScalars.Redacted)];
    }

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (_form == DocumentForm.ExtractedText && !(value is [(byte)'{' or (byte)'[', ..]))
            return MaskResult.InPlace;
        var start = output.Length;
        var skipped = _form == DocumentForm.VersionedJson ? 1 : 0;
        if (skipped > 0 && (value.IsEmpty || value[0] != Version))
            return MaskResult.Null;
        if (TryMask(value, skipped, output, out var isReplaced))
            return isReplaced ? MaskResult.Replaced : MaskResult.InPlace;
        output.Truncate(start);
        if (_form is DocumentForm.Json or DocumentForm.VersionedJson)
            return MaskResult.Null;
        TextRedaction.Redact(value);
        return MaskResult.InPlace;
    }

    /// <summary>What keeps its length is masked where it stands; from the first piece on that does not, the value is put together anew.</summary>
    private bool TryMask(Span<byte> value, int at, MaskOutput output, out bool isReplaced)
    {
        isReplaced = false;
        var copied = 0;
        var nulled = 0;
        _walker.Reset();
        while (_walker.TryRead(value, ref at, out var piece))
        {
            if (piece.Kind == JsonPieceKind.Opening && nulled++ == 0)
                output.Write(value[copied..piece.Start]);
            else if (piece.Kind == JsonPieceKind.Closing && --nulled == 0)
                WriteNull(output, out copied, piece.End);
            if (piece.Kind is JsonPieceKind.Opening or JsonPieceKind.Closing)
                isReplaced = true;
            else if (nulled == 0 && !TryMaskInPlace(value.Slice(piece.Start, piece.Length), piece))
                (isReplaced, copied) = (true, Replace(value, copied, piece, output));
        }
        if (!_walker.IsComplete)
            return false;
        if (isReplaced)
            output.Write(value[copied..]);
        return true;
    }

    private static void WriteNull(MaskOutput output, out int copied, int end)
    {
        output.Write("null"u8);
        copied = end;
    }

    /// <summary>What a mask does that leaves the length as it is.</summary>
    private bool TryMaskInPlace(Span<byte> spelled, in JsonPiece piece)
    {
        var kind = KindOf(piece);
        switch (piece.Kind)
        {
            case JsonPieceKind.Text when !piece.IsEscaped && kind == MaskKind.Redact:
                TextRedaction.Redact(spelled);
                return true;
            case JsonPieceKind.Text when !piece.IsEscaped && kind == MaskKind.Partial:
                TextRedaction.KeepTail(spelled);
                return true;
            case JsonPieceKind.Boolean when kind != MaskKind.Null && spelled[0] == 'f':
                return true;
            case JsonPieceKind.Number when spelled.Length == 1 && kind is (MaskKind.Redact or MaskKind.Partial or MaskKind.Email):
                spelled[0] = (byte)'0';
                return true;
            default:
                return false;
        }
    }

    private MaskKind KindOf(in JsonPiece piece)
    {
        var kind = _kinds[piece.Place];
        return piece.IsWithin && kind is (MaskKind.Partial or MaskKind.Email) ? MaskKind.Redact : kind;
    }

    /// <summary>Appends all up to the piece, and what stands for it. Gives the place behind it.</summary>
    private int Replace(Span<byte> value, int copied, in JsonPiece piece, MaskOutput output)
    {
        var kind = KindOf(piece);
        if (kind == MaskKind.Null)
        {
            var quote = piece.Kind == JsonPieceKind.Text ? 1 : 0;
            output.Write(value[copied..(piece.Start - quote)]);
            output.Write("null"u8);
            return piece.End + quote;
        }
        output.Write(value[copied..piece.Start]);
        var spelled = value.Slice(piece.Start, piece.Length);
        if (piece.Kind == JsonPieceKind.Number)
            _scalars[piece.Place].WriteNumber(spelled, output);
        else if (piece.Kind == JsonPieceKind.Boolean)
            JsonScalars.WriteBoolean(output);
        else
            WriteText(spelled, kind, piece.Place, output);
        return piece.End;
    }

    private void WriteText(ReadOnlySpan<byte> spelled, MaskKind kind, int place, MaskOutput output)
    {
        _text.Clear();
        var text = _text.Extend(spelled.Length);
        text = text[..JsonString.Unescape(spelled, text)];
        if (kind == MaskKind.Email && EmailMask.TryFind(text, out var first, out var topLevel))
        {
            // Nothing in an address has to be escaped.
            EmailMask.Write(text, first, topLevel, output.Extend(EmailMask.Length(first, topLevel)));
        }
        else if (kind == MaskKind.Partial)
        {
            TextRedaction.KeepTail(text);
            JsonString.Escape(text, output);
        }
        else
        {
            _scalars[place].WriteString(text, output);
        }
    }
}
