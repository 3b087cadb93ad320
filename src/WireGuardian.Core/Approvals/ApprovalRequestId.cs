using System.Security.Cryptography;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// Ids that people read to each other and type: eight random characters of Crockford's base 32 in lower case (no i, l, o, u). 40 random bits: an
/// id cannot be guessed from another.
/// </summary>
public static class ApprovalRequestId
{
    public const int Length = 8;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>An id as it may have been typed, as it is kept: upper case, and the letters that look like 0 and 1, are read as meant.</summary>
    public static string Normalize(string typed) =>
        string.Create(typed.Length, typed, (id, text) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                var character = char.ToLowerInvariant(text[index]);
                id[index] = character switch { 'o' => '0', 'i' or 'l' => '1', _ => character };
            }
        });
}
