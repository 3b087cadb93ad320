using System.Security.Cryptography;
using System.Text;
using WireGuardian.Server.Commands;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Composition;

/// <summary>
/// Says on record which configuration came into force, so that a policy version of the trail can be held against a file that was kept: SHA-256 (hex) of what
/// <c>wireguardian check --output json</c> prints of it. There is no secret in that.
/// </summary>
internal static class ConfigurationDigest
{
    public static string Of(WireGuardianConfiguration configuration) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CheckJson.Write(configuration) + Environment.NewLine)));
}
