using System.Text.Json.Serialization;
using WireGuardian.Core.Labels;

namespace WireGuardian.Storage.Labels;

/// <summary>How a label or a binding is kept in the store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ColumnLabel))]
[JsonSerializable(typeof(ColumnBinding))]
internal sealed partial class LabelJson : JsonSerializerContext;
