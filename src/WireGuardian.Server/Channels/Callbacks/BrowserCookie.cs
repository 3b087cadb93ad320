using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>A secret that only one browser has: no script reads it, and over TLS no other host sets it.</summary>
/// <param name="name">What it is for; empty for the page itself.</param>
/// <param name="isSecure">The page is reached over TLS.</param>
/// <param name="sameSite">Strict: no other site's request brings it. Lax: following a link from another site does.</param>
/// <param name="length">How long the browser keeps it.</param>
internal sealed class BrowserCookie(string name, bool isSecure, SameSiteMode sameSite, TimeSpan length)
{
    /// <summary>With the prefix browsers take it only over TLS, from this host, for the whole of it.</summary>
    private readonly string _name = $"{(isSecure ? "__Host-" : "")}wireguardian{(name.Length > 0 ? "-" : "")}{name}";

    public static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the browser brought; empty for nothing.</summary>
    public string Read(HttpContext call) => call.Request.Cookies[_name] ?? "";

    public void Set(HttpContext call, string value) => call.Response.Cookies.Append(_name, value, Options(length));

    public void Delete(HttpContext call) => call.Response.Cookies.Append(_name, "", Options(TimeSpan.Zero));

    private CookieOptions Options(TimeSpan age) => new()
    {
        HttpOnly = true,
        Secure = isSecure,
        SameSite = sameSite,
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };
}
