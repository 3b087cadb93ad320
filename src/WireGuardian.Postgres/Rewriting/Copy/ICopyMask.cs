namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>
/// Masks the data of COPY … TO STDOUT in one format, as they come: a row may come in any number of pieces, a piece may hold any number of rows. Of a masked value
/// that is not there in whole nothing goes out.
/// </summary>
public interface ICopyMask
{
    /// <summary>True between two rows: nothing is held back.</summary>
    bool IsAtRowEnd { get; }

    /// <summary>Masks the next piece where it stands, and tells <paramref name="edits"/> of what has another length.</summary>
    /// <exception cref="Proxy.ProtocolException">The data do not match their description, or a value is longer than may be kept.</exception>
    void Mask(Span<byte> input, int start, int end, CopyEdits edits);
}
