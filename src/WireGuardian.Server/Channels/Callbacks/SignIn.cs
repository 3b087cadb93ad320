using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WireGuardian.Core.Approvals;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>
/// Signs operators in to the page at the OpenID provider, for a few minutes. What was begun in one browser counts there alone, once; who signed in is asked for again with every
/// decision whether they (still) are an operator. Sessions end with this process.
/// </summary>
/// <param name="flow">The provider.</param>
/// <param name="url">The callbacks' address from outside.</param>
/// <param name="services">Records, and who is an operator.</param>
internal sealed class SignIn(OidcCodeFlow flow, Uri url, CallbackServices services)
{
    /// <summary>What the provider sends the browser back to; it must know this address.</summary>
    public const string Path = "/signin";

    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private const int Most = 1000;

    private readonly Uri _redirect = new(url, Path);
    private readonly ExpiringTable<Begun> _begun = new(services.Time, Lasts, Most);
    private readonly ExpiringTable<OidcIdentity> _sessions = new(services.Time, Lasts, Most);

    // The provider's site sends the browser back, which brings no strict cookie then.
    private readonly BrowserCookie _beginning = new("signin", url.Scheme == Uri.UriSchemeHttps, SameSiteMode.Lax, Lasts);
    private readonly BrowserCookie _session = new("session", url.Scheme == Uri.UriSchemeHttps, SameSiteMode.Strict, Lasts);

    /// <param name="Browser">The cookie of the browser that began it.</param>
    /// <param name="Nonce">What the ID token must hold.</param>
    /// <param name="Verifier">What the code is redeemed with.</param>
    /// <param name="ReturnTo">The page that asked for it.</param>
    private sealed record Begun(string Browser, string Nonce, string Verifier, string ReturnTo);

    /// <summary>Who signed in with this browser; null for nobody.</summary>
    public OidcIdentity? Of(HttpContext call) => _session.Read(call) is { Length: > 0 } session ? _sessions.Find(session) : null;

    /// <summary>Sends the browser to the provider.</summary>
    /// <param name="call">The call.</param>
    /// <param name="returnTo">Path and query of the page that it comes from.</param>
    public async Task BeginAsync(HttpContext call, string returnTo)
    {
        var (state, begun) = (BrowserCookie.NewSecret(), new Begun(BrowserCookie.NewSecret(), BrowserCookie.NewSecret(), BrowserCookie.NewSecret(), returnTo));
        string address;
        try
        {
            address = await flow.BeginAsync(_redirect, state, begun.Nonce, begun.Verifier, call.RequestAborted);
        }
        catch (OidcUnreachableException unreachable)
        {
            await ActionHtml.WriteAsync(call, StatusCodes.Status503ServiceUnavailable, ActionHtml.Message(unreachable.Message));
            return;
        }
        if (!_begun.TryAdd(state, begun))
        {
            await ActionHtml.WriteAsync(call, StatusCodes.Status503ServiceUnavailable, ActionHtml.Message("Too many sign-ins are under way; try again later."));
            return;
        }
        _beginning.Set(call, begun.Browser);
        call.Response.Headers.CacheControl = "no-store";
        call.Response.Headers["Referrer-Policy"] = "no-referrer";
        call.Response.Redirect(address);
    }

    /// <summary>The browser came back.</summary>
    public async Task FinishAsync(HttpContext call)
    {
        var query = call.Request.Query;
        if (_begun.Take(query["state"].ToString()) is not { } begun || !IsSame(begun.Browser, _beginning.Read(call)))
        {
            await RefuseAsync(call, "a sign-in that this browser did not begin", "This sign-in was not begun with this browser, or it took too long. Open the request's link again.");
            return;
        }
        _beginning.Delete(call);
        // RFC 9207: an answer that names its issuer must name the one that was asked.
        if (query["iss"].ToString() is { Length: > 0 } issuer && issuer != flow.Issuer)
        {
            await RefuseAsync(call, "a sign-in at another OpenID provider", "This sign-in came from another provider.");
            return;
        }
        if (query["code"].ToString() is not { Length: > 0 } code)
        {
            await RefuseAsync(call, "a sign-in that the OpenID provider refused", "The provider did not sign you in.");
            return;
        }
        try
        {
            var (identity, problem) = await flow.FinishAsync(_redirect, code, begun.Nonce, begun.Verifier, call.RequestAborted);
            if (identity is null)
                await RefuseAsync(call, $"a sign-in with an ID token that is refused: {problem}", "The provider's answer is not accepted. Open the request's link again.");
            else
                await AdmitAsync(call, identity, begun.ReturnTo);
        }
        catch (OidcUnreachableException unreachable)
        {
            await ActionHtml.WriteAsync(call, StatusCodes.Status503ServiceUnavailable, ActionHtml.Message(unreachable.Message));
        }
    }

    private async Task AdmitAsync(HttpContext call, OidcIdentity identity, string returnTo)
    {
        var admission = await services.Gate.AdmitAsync(call.Connection.RemoteIpAddress, new OperatorCredentials("") { SignedIn = identity }, call.RequestAborted);
        if (admission.Operator is not { } known)
        {
            await ActionHtml.WriteAsync(call, ActionPage.StatusOf(admission.Problem), ActionHtml.Message(admission.Message));
            return;
        }
        var session = BrowserCookie.NewSecret();
        if (!_sessions.TryAdd(session, identity))
        {
            await ActionHtml.WriteAsync(call, StatusCodes.Status503ServiceUnavailable, ActionHtml.Message("Too many operators are signed in; try again later."));
            return;
        }
        _session.Set(call, session);
        // A link and no redirect: a browser that another site redirected here would not bring the strict cookie.
        await ActionHtml.WriteAsync(call, StatusCodes.Status200OK, ActionHtml.Link($"You are signed in as {known.Name}.", "Go on to the request", returnTo));
    }

    private async Task RefuseAsync(HttpContext call, string what, string message)
    {
        await services.RecordForgeryAsync(call.Connection.RemoteIpAddress, DecisionChannels.Teams, what);
        await ActionHtml.WriteAsync(call, StatusCodes.Status403Forbidden, ActionHtml.Message(message));
    }

    private static bool IsSame(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
