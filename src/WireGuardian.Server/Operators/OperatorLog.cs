using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Operators;

/// <summary>What the operators' identities leave in the log. Event ids 100 to 119.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(100, LogLevel.Warning, "The signing keys of {Issuer} could not be fetched ({Failure}); keys that are known go on for a day.")]
    public static partial void OidcKeysNotFetched(this ILogger logger, string issuer, string failure);
}
