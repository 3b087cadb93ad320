using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Policies;

/// <summary>
/// What a policy says, in a form that survives a restart, which <see cref="Policy.Version"/> does not: it begins at 1 again, whatever the file says by then.
/// Canaries are left out: they are secret, and nothing is approved by them.
/// </summary>
public static class PolicyFingerprint
{
    /// <summary>SHA-256 (hex) over all rules, groups and people.</summary>
    public static string Of(Policy policy) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new PolicyRules(policy.Masking, policy.Approvals, policy.Copies, policy.Groups, policy.People), PolicyJson.Default.PolicyRules)));
}

/// <summary>The parts of a policy that decide on statements.</summary>
internal sealed record PolicyRules(
    IReadOnlyList<MaskingRule> Masking,
    IReadOnlyList<ApprovalRule> Approvals,
    CopiesMode Copies,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Groups,
    People People);

/// <summary>How they are written down: every property of a rule, also of one that is added later.</summary>
[JsonSerializable(typeof(PolicyRules))]
internal sealed partial class PolicyJson : JsonSerializerContext;
