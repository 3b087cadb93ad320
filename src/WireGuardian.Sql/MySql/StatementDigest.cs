using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Sql.MySql;

/// <summary>What an approval binds: the very bytes of a text together with the settings under which they mean what they mean.</summary>
public static class StatementDigest
{
    /// <summary>SHA-256 over the settings and the text.</summary>
    public static byte[] Compute(ReadOnlySpan<byte> sql, MySqlSqlSettings settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(
            FormattableString.Invariant($"{settings.Server.Flavour} {settings.Server.Number} {(int)settings.Modes} {settings.Encoding} {settings.IsUncertain}\n")));
        hash.AppendData(sql);
        return hash.GetHashAndReset();
    }
}
