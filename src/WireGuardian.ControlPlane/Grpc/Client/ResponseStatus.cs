using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Grpc.Client;

/// <summary>Reads how a call ended from the headers and trailers of its HTTP response.</summary>
internal static class ResponseStatus
{
    /// <summary>Throws unless messages follow: for a "Trailers-Only" answer with its status, for an answer that is not gRPC with the status that stands for it.</summary>
    public static void EnsureGrpc(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RpcException(OfHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}.");
        if (!GrpcHeaders.IsGrpc(response.Content.Headers.ContentType?.MediaType))
            throw new RpcException(StatusCode.Unknown, "The server's answer is not gRPC.");
        if (response.Headers.Contains(GrpcHeaders.Status))
            EnsureOK(response.Headers);
        if (response.Headers.TryGetValues(GrpcHeaders.Encoding, out var encodings) && encodings.Any(e => e != GrpcHeaders.Identity))
            throw new RpcException(StatusCode.Internal, "The server's answer is compressed, which was not asked for.");
    }

    public static void EnsureOK(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues(GrpcHeaders.Status, out var values))
            throw new RpcException(StatusCode.Unavailable, "The server's answer ended without a status.");
        if (!int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            code = (int)StatusCode.Unknown;
        if (code == (int)StatusCode.OK)
            return;
        var detail = headers.TryGetValues(GrpcHeaders.Message, out var messages) ? PercentEncoding.Decode(string.Join(", ", messages)) : "";
        throw new RpcException(Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown, detail);
    }

    /// <summary>The specification's table for answers of something that is not a gRPC server.</summary>
    private static StatusCode OfHttp(HttpStatusCode status) => (int)status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
