using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Puts the control plane among a web application's endpoints.</summary>
public static class ControlPlaneEndpoints
{
    /// <summary>Serves control.proto to operators that <paramref name="operators"/> knows by their tokens.</summary>
    /// <param name="status">Asked for every GetServerInfo, so that a reload shows.</param>
    public static void MapControlPlane(
        this IEndpointRouteBuilder endpoints,
        IApprovalQueue queue,
        IAuditLog audit,
        IOperatorAuthenticator operators,
        Func<ServerStatus> status,
        TimeProvider time,
        ControlPlaneOptions? options = null)
        => endpoints.MapControlPlane(queue, audit, new TokenVerifier(operators), status, time, options, oidc: null);

    /// <summary>Serves control.proto to operators that <paramref name="operators"/> lets in.</summary>
    /// <param name="status">Asked for every GetServerInfo, so that a reload shows.</param>
    /// <param name="oidc">The provider that <c>wgctl login</c> is told of; null for none.</param>
    public static void MapControlPlane(
        this IEndpointRouteBuilder endpoints,
        IApprovalQueue queue,
        IAuditLog audit,
        IOperatorVerifier operators,
        Func<ServerStatus> status,
        TimeProvider time,
        ControlPlaneOptions? options,
        OidcOptions? oidc)
    {
        options ??= new ControlPlaneOptions();
        var limit = new RefusalLimit(options);
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(
            () => limit.DisposeAsync().AsTask().GetAwaiter().GetResult());
        var authentication = new OperatorAuthentication(new OperatorGate(operators, audit, time, limit, DecisionChannels.Grpc));
        new ControlPlaneService(queue, audit, status, options)
            .MapTo(endpoints, new GrpcServiceOptions { Interceptor = authentication.AuthenticateAsync, TimeProvider = time });
        if (oidc is { ClientId: not null })
            endpoints.MapGet(LoginMetadata.Path, call => LoginMetadata.WriteAsync(call, oidc));
    }
}
