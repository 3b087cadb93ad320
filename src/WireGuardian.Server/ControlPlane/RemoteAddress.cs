using System.Net;
using System.Net.Sockets;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Where a caller comes from.</summary>
internal static class RemoteAddress
{
    /// <summary>For people and the trail: an IPv4 address is shown as one, however it arrived.</summary>
    public static string Name(IPAddress? address) => Plain(address)?.ToString() ?? "unknown";

    /// <summary>What limits count by: an IPv6 caller owns its whole /64, so that counts as one.</summary>
    public static string LimitKey(IPAddress? address)
    {
        var plain = Plain(address);
        return plain is { AddressFamily: AddressFamily.InterNetworkV6 } && !IPAddress.IsLoopback(plain)
            ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8))
            : plain?.ToString() ?? "unknown";
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
