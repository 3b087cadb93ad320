using System.Reflection;

namespace WireGuardian.Server;

/// <summary>The version of this program.</summary>
public static class ProductVersion
{
    /// <summary>As <c>--version</c> prints it, for example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
