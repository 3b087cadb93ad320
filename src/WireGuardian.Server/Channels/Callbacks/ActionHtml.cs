using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>The page's HTML: no script, no style, nothing from elsewhere, and every text of others encoded.</summary>
internal static class ActionHtml
{
    private const int LongestStatement = 16 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="key">The form's own key.</param>
    /// <param name="signedIn">Who signed in; null for nobody, who then needs a token.</param>
    /// <param name="signInAt">Where to sign in; null where nobody can.</param>
    public static string Form(ApprovalRequest request, string key, string? signedIn, string? signInAt)
    {
        var html = new StringBuilder();
        html.Append($"<h1>{Text(MessageFacts.Title(request))}</h1>\n<ul>\n");
        foreach (var (name, value) in MessageFacts.Of(request))
            html.Append($"<li>{Text(name)}: {Text(value)}</li>\n");
        foreach (var decision in MessageFacts.Decisions(request))
            html.Append($"<li>{Text(decision)}</li>\n");
        html.Append($"</ul>\n<pre>{Text(MessageText.Block(request.Statement, LongestStatement))}</pre>\n");
        if (request.State != ApprovalState.Pending)
            return html.Append($"<p>This request is {Text(request.State.ToName())}.</p>\n").ToString();

        if (signInAt is not null)
            html.Append($"<p><a href=\"{Text(signInAt)}\">Sign in</a>, or give your operator token:</p>\n");
        var who = signedIn is null
            ? "<label>Your operator token <input type=\"password\" name=\"token\" required autocomplete=\"off\"></label>"
            : $"You are signed in as {Text(signedIn)}.";
        // No action: the form goes to the address that it came from.
        return html.Append($"""
            <form method="post">
            <input type="hidden" name="form" value="{Text(key)}">
            <p>{who}</p>
            <p><label>Reason <input type="text" name="reason" maxlength="1000" size="60"></label></p>
            <p><button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button></p>
            </form>

            """).ToString();
    }

    public static string Message(string text) => $"<p>{Text(text)}</p>\n";

    /// <param name="text">A sentence.</param>
    /// <param name="label">What the link says.</param>
    /// <param name="target">Path and query of a page of this server.</param>
    public static string Link(string text, string label, string target) => $"<p>{Text(text)}</p>\n<p><a href=\"{Text(target)}\">{Text(label)}</a></p>\n";

    public static Task WriteAsync(HttpContext call, int status, string body)
    {
        var headers = call.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        call.Response.StatusCode = status;
        call.Response.ContentType = "text/html; charset=utf-8";
        return call.Response.WriteAsync($"<!doctype html>\n<html lang=\"en\">\n<head><title>WireGuardian</title></head>\n<body>\n{body}</body>\n</html>\n", call.RequestAborted);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
