using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Grpc.Client;

/// <summary>Calls over one HTTP/2 connection, in clear (<c>http</c>, prior knowledge) or TLS (<c>https</c>).</summary>
public sealed class GrpcChannel : IGrpcChannel, IDisposable
{
    private readonly HttpClient _http;
    private readonly GrpcChannelOptions _options;

    private GrpcChannel(HttpClient http, GrpcChannelOptions options) => (_http, _options) = (http, options);

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            UseCookies = false,

            // An operator's token goes to the server that was named, not to whatever proxy the environment names.
            UseProxy = false,

            // A watch is silent for hours: pings tell a quiet server from a lost one.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(options.TrustedRoots), ClientCertificates = Shown(options) },
        };
        var http = new HttpClient(handler)
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new GrpcChannel(http, options);
    }

    public async Task<TResponse> UnaryCallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? answer = null;
        await foreach (var response in ServerStreamingCallAsync(method, request, options))
        {
            answer = answer is null ? response : throw new RpcException(StatusCode.Internal, "The server answered with more than one message.");
        }

        return answer ?? throw new RpcException(StatusCode.Internal, "The server answered without a message.");
    }

    public IAsyncEnumerable<TResponse> ServerStreamingCallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => ReadAsync(method, request, options);

    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<TResponse> ReadAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var deadline = new CancellationTokenSource();
        if (options.Timeout is { } timeout)
            deadline.CancelAfter(timeout);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, options.CancellationToken, cancellationToken);

        using var message = RequestMessage(method.FullName, MessageFrame.Create(request, _options.MaxMessageSize), options.Timeout);
        using var response = await GuardedAsync(
            () => new ValueTask<HttpResponseMessage>(_http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ended.Token)),
            deadline.Token, ended.Token);
        ResponseStatus.EnsureGrpc(response);

        await using var body = await response.Content.ReadAsStreamAsync(ended.Token);
        var pipe = PipeReader.Create(body);
        var reader = new MessageReader<TResponse>(pipe, method.ResponseParser, _options.MaxMessageSize);
        while (await GuardedAsync(() => reader.ReadAsync(ended.Token), deadline.Token, ended.Token) is { } answer)
            yield return answer;
        await pipe.CompleteAsync();
        ResponseStatus.EnsureOK(response.TrailingHeaders);
    }

    private HttpRequestMessage RequestMessage(string path, byte[] frame, TimeSpan? timeout)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType) } },
        };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        message.Headers.Add(GrpcHeaders.AcceptEncoding, GrpcHeaders.Identity);
        if (timeout is { } value)
            message.Headers.Add(GrpcHeaders.Timeout, GrpcTimeout.Format(value));
        if (_options.BearerToken is { } token)
            message.Headers.TryAddWithoutValidation("authorization", $"Bearer {token}");
        return message;
    }

    /// <summary>Runs one step and gives every failure of the connection its status.</summary>
    private static async ValueTask<T> GuardedAsync<T>(Func<ValueTask<T>> step, CancellationToken deadline, CancellationToken ended)
    {
        try
        {
            return await step();
        }
        catch (Exception e) when (e is not RpcException && deadline.IsCancellationRequested)
        {
            throw new RpcException(StatusCode.DeadlineExceeded, "The server did not answer in time.", e);
        }
        catch (Exception e) when (e is not RpcException && ended.IsCancellationRequested)
        {
            throw new RpcException(StatusCode.Cancelled, "The call was cancelled.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new RpcException(StatusCode.Unavailable, "The connection to the server failed.", e);
        }
    }

    private static X509CertificateCollection? Shown(GrpcChannelOptions options) => options.ClientCertificate is { } certificate ? [certificate] : null;

    private static X509ChainPolicy? TrustOnly(X509Certificate2Collection? roots)
    {
        if (roots is null)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
