using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>The page's HTML: no script, no style, nothing from elsewhere, and every text of others encoded.</summary>
internal static class ActionHtml
{
    private const int LongestStatement = 16 * 1024;

    public static string Form(ApprovalRequest request, string key)
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

        // No action: the form goes to the address that it came from.
        return html.Append($"""
            <form method="post">
            <input type="hidden" name="form" value="{Text(key)}">
            <p><label>Your operator token <input type="password" name="token" required autocomplete="off"></label></p>
            <p><label>Reason <input type="text" name="reason" maxlength="1000" size="60"></label></p>
            <p><button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button></p>
            </form>

            """).ToString();
    }

    public static string Message(string text) => $"<p>{Text(text)}</p>\n";

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
