using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Puts the control plane among a web application's endpoints.</summary>
public static class ControlPlaneEndpoints
{
    /// <summary>Serves control.proto to operators that <paramref name="operators"/> knows.</summary>
    /// <param name="archive">The trail for auditors; null where there is none: then its calls are UNIMPLEMENTED.</param>
    /// <param name="status">Asked for every GetServerInfo, so that a reload shows.</param>
    public static void MapControlPlane(
        this IEndpointRouteBuilder endpoints,
        IApprovalQueue queue,
        IAuditLog audit,
        LabelBook labels,
        IOperatorAuthenticator operators,
        Func<ServerStatus> status,
        TimeProvider time,
        ControlPlaneOptions? options = null,
        IAuditArchive? archive = null)
    {
        options ??= new ControlPlaneOptions();
        var limit = new RefusalLimit(options);
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(
            () => limit.DisposeAsync().AsTask().GetAwaiter().GetResult());
        var authentication = new OperatorAuthentication(operators, audit, time, limit);
        new ControlPlaneService(queue, audit, new AuditCalls(archive, options), new LabelCalls(labels, audit, time), status, options)
            .MapTo(endpoints, new GrpcServiceOptions { Interceptor = authentication.AuthenticateAsync, TimeProvider = time });
    }
}
