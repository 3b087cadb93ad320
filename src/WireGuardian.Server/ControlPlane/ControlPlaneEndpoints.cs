using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Labels;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Puts the control plane among a web application's endpoints.</summary>
public static class ControlPlaneEndpoints
{
    /// <summary>Serves control.proto to operators that <paramref name="operators"/> lets in.</summary>
    /// <param name="archive">The trail for auditors; null where there is none: then its calls are UNIMPLEMENTED.</param>
    /// <param name="status">Asked for every GetServerInfo, so that a reload shows.</param>
    /// <param name="oidc">The provider that <c>wgctl login</c> is told of; null for none.</param>
    public static void MapControlPlane(
        this IEndpointRouteBuilder endpoints,
        IApprovalQueue queue,
        IAuditLog audit,
        LabelBook labels,
        IOperatorVerifier operators,
        Func<ServerStatus> status,
        TimeProvider time,
        ControlPlaneOptions? options = null,
        IAuditArchive? archive = null,
        OidcOptions? oidc = null)
    {
        options ??= new ControlPlaneOptions();
        var limit = new RefusalLimit(options);
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(
            () => limit.DisposeAsync().AsTask().GetAwaiter().GetResult());
        var authentication = new OperatorAuthentication(new OperatorGate(operators, audit, time, limit, DecisionChannels.Grpc));
        new ControlPlaneService(queue, audit, new AuditCalls(archive, options), new LabelCalls(labels, audit, time), status, options)
            .MapTo(endpoints, new GrpcServiceOptions { Interceptor = authentication.AuthenticateAsync, TimeProvider = time });
        if (oidc is { ClientId: not null })
            endpoints.MapGet(LoginMetadata.Path, call => LoginMetadata.WriteAsync(call, oidc));
    }
}
