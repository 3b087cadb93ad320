namespace WireGuardian.Core.Masking.Documents;

/// <summary>
/// Masks the documents that are too large to be held, as they pass and without changing a length: stars in the strings at the places, 0 and blanks for numbers, null for booleans.
/// From where a document breaks, every byte becomes a star. Belongs to one session; one value after another.
/// </summary>
/// <param name="places">What is masked; <see cref="CanStream"/> holds for them.</param>
/// <param name="form">How documents stand in values.</param>
public sealed class StreamedDocument(JsonPlaces places, DocumentForm form)
{
    private readonly JsonWalker _walker = new(places);
    private bool _isScalar;
    private bool _isBroken;

    /// <summary>True where every mask leaves stars of what is too large: not for hash, token and null, which need values whole.</summary>
    public static bool CanStream(JsonPlaces places) => places.All.All(place => place.Mask is null or MaskKind.Redact or MaskKind.Partial or MaskKind.Email);

    /// <summary>Masks the next piece where it stands.</summary>
    /// <param name="chunk">The piece.</param>
    /// <param name="offset">Where in the value it begins; 0 begins another value.</param>
    public void Apply(Span<byte> chunk, long offset)
    {
        if (chunk.IsEmpty)
            return;
        var at = 0;
        if (offset == 0)
        {
            _walker.Reset();
            _isBroken = false;
            _isScalar = form == DocumentForm.ExtractedText && !(chunk[0] is (byte)'{' or (byte)'[');
            if (form == DocumentForm.VersionedJson)
                _isBroken = chunk[at++] != 1;
        }
        if (_isScalar)
            return;
        while (!_isBroken && _walker.TryRead(chunk, ref at, out var piece))
            Mask(chunk.Slice(piece.Start, piece.Length), piece);
        if (!_isBroken && !_walker.IsBroken)
            return;
        _isBroken = true;
        TextRedaction.Redact(chunk[at..]);
    }

    private static void Mask(Span<byte> bytes, in JsonPiece piece)
    {
        switch (piece.Kind)
        {
            case JsonPieceKind.Text:
                TextRedaction.Redact(bytes);
                break;
            case JsonPieceKind.Number:
                bytes.Fill((byte)' ');
                if (piece.Position == 0)
                    bytes[0] = (byte)'0';
                break;
            case JsonPieceKind.Boolean:
                for (var index = 0; index < bytes.Length; index++)
                    bytes[index] = "null "u8[(int)piece.Position + index];
                break;
        }
    }
}
