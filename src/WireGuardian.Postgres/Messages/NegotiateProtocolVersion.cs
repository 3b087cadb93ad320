using System.Text;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>NegotiateProtocolVersion (backend, v): what the server does not have of what the client asked for.</summary>
/// <param name="MinorVersion">The newest minor version of protocol 3 that the server has.</param>
/// <param name="UnrecognizedOptions">The start-up parameters beginning with <c>_pq_.</c> that it does not know.</param>
public sealed record NegotiateProtocolVersion(int MinorVersion, IReadOnlyList<string> UnrecognizedOptions)
{
    private const int Version3 = 3 << 16;

    public static bool TryParse(ReadOnlySpan<byte> body, out NegotiateProtocolVersion message)
    {
        message = new NegotiateProtocolVersion(0, []);
        var reader = new BodyReader(body);
        // An option takes at least its NUL: a count beyond the bytes left is a lie.
        if (!reader.TryReadInt32(out var version) || !reader.TryReadInt32(out var count) || count < 0 || count > reader.Rest.Length)
            return false;
        // The manual says "minor version", servers send the whole version.
        var minor = version >= Version3 ? version - Version3 : version;
        if (minor is < 0 or > ushort.MaxValue)
            return false;
        var options = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out var option))
                return false;
            options.Add(Encoding.UTF8.GetString(option));
        }
        message = new NegotiateProtocolVersion(minor, options);
        return reader.AtEnd;
    }
}
