using System.Text;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>AuthenticationSASL (backend, R with code 10): the mechanisms that the server offers.</summary>
/// <param name="Mechanisms">In the server's order of preference, the whole list.</param>
public sealed record AuthenticationSasl(IReadOnlyList<string> Mechanisms)
{
    /// <summary>Reads <see cref="AuthenticationRequest.Data"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out AuthenticationSasl message)
    {
        var mechanisms = new List<string>();
        message = new AuthenticationSasl(mechanisms);
        var reader = new BodyReader(data);
        while (reader.TryReadString(out var mechanism))
        {
            if (mechanism.IsEmpty)
                return reader.AtEnd;
            mechanisms.Add(Encoding.ASCII.GetString(mechanism));
        }
        return false;
    }
}
