using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>
/// The page behind a link of a message: it shows the request and takes a decision of an operator who signed in, or together with the operator's token. The form counts only from the browser
/// that the page was sent to (a cookie that no other site's request brings, and a value made from it), so neither link nor form of somebody else decides anything.
/// </summary>
/// <param name="links">Makes and knows links.</param>
/// <param name="url">The callbacks' address from outside.</param>
/// <param name="services">The queue, records, and who is an operator.</param>
/// <param name="signIn">At the OpenID provider; null where there is none.</param>
internal sealed class ActionPage(ActionLink links, Uri url, CallbackServices services, SignIn? signIn = null)
{
    private const int LongestReason = 1000;
    private const string Approve = "approve";
    private const string Deny = "deny";
    private readonly BrowserCookie _browser = new("", url.Scheme == Uri.UriSchemeHttps, SameSiteMode.Strict, TimeSpan.FromHours(1));

    public async Task ShowAsync(HttpContext call, string id)
    {
        if (Linked(call, id) is not { } request)
        {
            await RefuseLinkAsync(call);
            return;
        }
        var browser = BrowserCookie.NewSecret();
        _browser.Set(call, browser);
        var signedIn = signIn?.Of(call);
        var signInAt = signIn is not null && signedIn is null ? $"{PathOf(request)}/signin{QueryOf(call)}" : null;
        await ActionHtml.WriteAsync(call, StatusCodes.Status200OK, ActionHtml.Form(request, links.FormKey(request, browser), signedIn?.Name, signInAt));
    }

    /// <summary>Begins a sign-in at the OpenID provider, for who has a link that is good.</summary>
    public async Task SignInAsync(HttpContext call, string id)
    {
        if (signIn is null || Linked(call, id) is not { } request)
            await RefuseLinkAsync(call);
        else
            await signIn.BeginAsync(call, $"{PathOf(request)}{QueryOf(call)}");
    }

    /// <summary>The browser comes back from the OpenID provider.</summary>
    public Task SignedInAsync(HttpContext call) => signIn?.FinishAsync(call) ?? RefuseLinkAsync(call);

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

        var token = form["token"].ToString().Trim();
        var admission = await services.Gate.AdmitAsync(
            call.Connection.RemoteIpAddress, new OperatorCredentials(token) { SignedIn = token.Length > 0 ? null : signIn?.Of(call) }, call.RequestAborted);
        if (admission.Operator is not { } by)
        {
            await ActionHtml.WriteAsync(call, StatusOf(admission.Problem), ActionHtml.Message(
                admission.Problem != AdmissionProblem.Unauthenticated || admission.Method == AuthenticationMethods.Oidc ? admission.Message
                : token.Length > 0 ? "This is no operator's token."
                : "You are not signed in, or not any more. Open the link again."));
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
            && _browser.Read(call) is { Length: > 0 } browser
            && links.IsFormKey(request, browser, key);
    }

    private static string PathOf(ApprovalRequest request) => $"/requests/{Uri.EscapeDataString(request.Id)}";

    private static string QueryOf(HttpContext call) =>
        $"?e={Uri.EscapeDataString(call.Request.Query["e"].ToString())}&s={Uri.EscapeDataString(call.Request.Query["s"].ToString())}";

    internal static int StatusOf(AdmissionProblem problem) => problem switch
    {
        AdmissionProblem.TooMany => StatusCodes.Status429TooManyRequests,
        AdmissionProblem.AuditUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status403Forbidden,
    };
}
