using System.Text.Json.Serialization;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Storage.Approvals;

/// <summary>How a request is kept in the store: JSON, states and kinds by name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ApprovalRequest))]
internal sealed partial class ApprovalJson : JsonSerializerContext;
