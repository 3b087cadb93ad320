using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using WireGuardian.Core.Approvals;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>
/// The page behind a link of a message: it shows the request and takes a decision together with the operator's token. The form counts only from the browser
/// that the page was sent to (a cookie that no other site's request brings, and a value made from it), so neither link nor form of somebody else decides anything.
/// </summary>
internal sealed class ActionPage(ActionLink links, Uri url, CallbackServices services)
{
    private const int LongestReason = 1000;
    private const string Approve = "approve";
    private const string Deny = "deny";
    private readonly bool _isSecure = url.Scheme == Uri.UriSchemeHttps;

    /// <summary>With the prefix browsers take it only over TLS, from this host, for the whole of it.</summary>
    private string CookieName => _isSecure ? "__Host-wireguardian" : "wireguardian";

    public async Task ShowAsync(HttpContext call, string id)
    {
        if (Linked(call, id) is not { } request)
        {
            await RefuseLinkAsync(call);
            return;
        }
        var browser = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        call.Response.Cookies.Append(CookieName, browser, new CookieOptions
        {
            HttpOnly = true,
            Secure = _isSecure,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            MaxAge = TimeSpan.FromHours(1),
            IsEssential = true,
        });
        await ActionHtml.WriteAsync(call, StatusCodes.Status200OK, ActionHtml.Form(request, links.FormKey(request, browser)));
    }

    public async Task DecideAsync(HttpContext call, string id)
    {
        if (Linked(call, id) is not { } request)
        {
            await RefuseLinkAsync(call);
            return;
        }
        var form = new FormCollection(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(await CallbackBody.ReadAsync(call))));
        if (!IsOwnForm(call, request, form["form"].ToString()))
        {
            await services.RecordForgeryAsync(call.Connection.RemoteIpAddress, DecisionChannels.Teams, "a form that was not this browser's");
            await ActionHtml.WriteAsync(call, StatusCodes.Status403Forbidden, ActionHtml.Message("This form was not made for this browser, or its page is too old. Open the link again."));
            return;
        }
        var (decision, reason) = (form["decision"].ToString(), form["reason"].ToString().Trim());
        if (decision is not (Approve or Deny) || reason.Length > LongestReason || (decision == Deny && reason.Length == 0))
        {
            await ActionHtml.WriteAsync(call, StatusCodes.Status400BadRequest, ActionHtml.Message($"A denial needs a reason, of at most {LongestReason} characters. Go back and write one."));
            return;
        }

        var admission = await services.Gate.AdmitAsync(
            call.Connection.RemoteIpAddress, new OperatorCredentials(form["token"].ToString().Trim()), call.RequestAborted);
        if (admission.Operator is not { } by)
        {
            await ActionHtml.WriteAsync(call, StatusOf(admission.Problem), ActionHtml.Message(admission.Problem == AdmissionProblem.Unauthenticated ? "This is no operator's token." : admission.Message));
            return;
        }

        // Not the call's token: once decided, it does not matter that the browser no longer waits.
        var verb = decision == Approve ? DecisionVerb.Approve : DecisionVerb.Deny;
        var outcome = await services.Queue.DecideAsync(
            request.Id, new OperatorDecision(by, verb) { Reason = reason, Channel = DecisionChannels.Teams }, CancellationToken.None);
        await ActionHtml.WriteAsync(
            call,
            outcome.Counted ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            ActionHtml.Message(outcome.Counted ? $"Your decision on request {request.Id} counts: it is {outcome.Request!.State.ToName()}." : outcome.Problem));
    }

    private ApprovalRequest? Linked(HttpContext call, string id)
    {
        var query = call.Request.Query;
        return services.Queue.Find(id) is { } request && links.IsGood(request, query["e"].ToString(), query["s"].ToString()) ? request : null;
    }

    /// <summary>The same for an unknown request, a forged signature and a link that has ended.</summary>
    private async Task RefuseLinkAsync(HttpContext call)
    {
        await services.RecordForgeryAsync(call.Connection.RemoteIpAddress, DecisionChannels.Teams, "a link that is not valid");
        await ActionHtml.WriteAsync(call, StatusCodes.Status404NotFound, ActionHtml.Message("This link is not valid, or not any more."));
    }

    private bool IsOwnForm(HttpContext call, ApprovalRequest request, string key)
    {
        // Browsers say where a form comes from; what says nothing is judged by the cookie alone.
        var origin = call.Request.Headers.Origin.ToString();
        return (origin.Length == 0 || origin == url.GetLeftPart(UriPartial.Authority))
            && call.Request.Cookies[CookieName] is { Length: > 0 } browser
            && links.IsFormKey(request, browser, key);
    }

    private static int StatusOf(AdmissionProblem problem) => problem switch
    {
        AdmissionProblem.TooMany => StatusCodes.Status429TooManyRequests,
        AdmissionProblem.AuditUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status403Forbidden,
    };
}
