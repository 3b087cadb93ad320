using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Rewriting;

/// <summary>The masks that need not see a whole value and keep its length.</summary>
public sealed class StreamedMask
{
    /// <summary>Bytes at the end of a value that must come together.</summary>
    public const int TailLength = TextRedaction.LongestTail;

    /// <summary>The value cannot be masked in pieces.</summary>
    public static readonly StreamedMask None = new(Form.None);

    private static readonly StreamedMask Stars = new(Form.Stars);
    private static readonly StreamedMask Tail = new(Form.Tail);
    private static readonly StreamedMask ZeroBytes = new(Form.ZeroBytes);
    private static readonly StreamedMask ZeroDigits = new(Form.ZeroDigits);
    private static readonly StreamedMask Bytea = new(Form.Bytea);

    private readonly Form _form;
    private readonly StreamedDocument? _document;

    private StreamedMask(Form form, StreamedDocument? document = null) => (_form, _document) = (form, document);

    private enum Form
    {
        None,
        Stars,
        Tail,
        ZeroBytes,
        ZeroDigits,
        Bytea,
        Document,
    }

    /// <summary>Of documents that are masked in places.</summary>
    public static StreamedMask For(JsonPlaces places, DocumentForm form, bool utf8) =>
        utf8 && StreamedDocument.CanStream(places) ? new(Form.Document, new(places, form)) : None;

    /// <summary>The streamed counterpart of a mask.</summary>
    public static StreamedMask For(MaskKind kind, PostgresTypeShape shape, bool binary, bool utf8) => (kind, shape) switch
    {
        (MaskKind.Hash or MaskKind.Token or MaskKind.Null, _) => None,
        (MaskKind.Partial, PostgresTypeShape.Text) when utf8 => Tail,
        (_, PostgresTypeShape.Text) => Stars,
        (_, PostgresTypeShape.Bytea) => binary ? ZeroBytes : Bytea,
        (_, PostgresTypeShape.Bit) when !binary => ZeroDigits,
        _ => None,
    };

    /// <summary>Masks a piece that begins at <paramref name="offset"/> of a value of <paramref name="length"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="None"/>.</exception>
    public void Apply(Span<byte> chunk, long offset, long length)
    {
        switch (_form)
        {
            case Form.Stars:
                TextRedaction.Redact(chunk);
                break;
            case Form.Tail:
                TextRedaction.KeepTail(chunk, offset, length);
                break;
            case Form.ZeroBytes:
                chunk.Clear();
                break;
            case Form.ZeroDigits:
                chunk.Fill((byte)'0');
                break;
            case Form.Document:
                _document!.Apply(chunk, offset);
                break;
            case Form.Bytea:
                ApplyBytea(chunk, offset, length);
                break;
            default:
                throw new InvalidOperationException("This mask needs the whole value.");
        }
    }

    /// <summary>
    /// Zeros in the hex spelling, whichever the value came in: that needs an even length. An odd one is of the escape spelling, where a run of digits
    /// stands for itself.
    /// </summary>
    private static void ApplyBytea(Span<byte> chunk, long offset, long length)
    {
        chunk.Fill((byte)'0');
        if (length % 2 != 0)
            return;
        if (offset == 0 && chunk.Length > 0)
            chunk[0] = (byte)'\\';
        if (offset <= 1 && offset + chunk.Length > 1)
            chunk[(int)(1 - offset)] = (byte)'x';
    }
}
