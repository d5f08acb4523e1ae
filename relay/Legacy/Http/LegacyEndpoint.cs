using System.Net;
using System.Text.Json.Serialization.Metadata;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Legacy.Json;
using Microsoft.AspNetCore.Http;

namespace Messaging.Relay.Legacy.Http;

/// <summary>The legacy profile over HTTP. What can be answered at all is answered with 200; the body says whether it worked.</summary>
internal sealed class LegacyEndpoint(LegacyService service, LegacyOptions options)
{
    public Task CreateChannelAsync(HttpContext context) =>
        PostAsync(context, LegacyJson.Lenient.CreateRequest, request => service.Directory.CreateAsync(request, Caller(context)));

    public Task ConnectAsync(HttpContext context) =>
        PostAsync(context, LegacyJson.Lenient.ConnectRequest, request => service.Connections.ConnectAsync(request, Caller(context)));

    public Task PushAsync(HttpContext context) => PostAsync(context, LegacyJson.Lenient.EventRequest, request => service.Events.PushAsync(request, Caller(context)));

    public Task ReceiveAsync(HttpContext context) => PostAsync(
        context,
        LegacyJson.Lenient.ReceiveRequest,
        request => service.Receiver.ReceiveAsync(
            request, new EventPage(options, options.MaxAnswerBytes, LargeEvent.Given), Caller(context), context.RequestAborted));

    public Task ListAgentsAsync(HttpContext context) =>
        PostAsync(context, LegacyJson.Lenient.SessionRequest, request => Task.FromResult(service.Directory.ListAgents(request, Caller(context))));

    public Task DisconnectAsync(HttpContext context) => PostAsync(context, LegacyJson.Lenient.SessionRequest, service.Connections.DisconnectAsync);

    public Task ListChannelsAsync(HttpContext context) => AnswerAsync(
        context, HttpMethods.IsGet(context.Request.Method) ? service.Directory.ListChannels(Caller(context)) : LegacyAnswer.Error("GET is expected here."));

    public async Task ResetAsync(HttpContext context) => await AnswerAsync(
        context,
        HttpMethods.IsDelete(context.Request.Method)
            ? await service.Directory.ResetAsync(context.Request.RouteValues["id"] as string, Caller(context))
            : LegacyAnswer.Error("DELETE is expected here."));

    private async Task PostAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, Task<LegacyAnswer>> call)
        where T : class
    {
        try
        {
            await AnswerAsync(context, await CallAsync(context, type, call));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            context.Abort();
        }
    }

    private async Task<LegacyAnswer> CallAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, Task<LegacyAnswer>> call)
        where T : class
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return LegacyAnswer.Error("POST is expected here.");
        }

        if (await context.ReadBodyAsync(options.MaxBodyBytes) is not { } body)
        {
            return LegacyAnswer.Error($"The request is larger than {options.MaxBodyBytes} bytes.");
        }

        return LegacyJson.TryRead(body, type, out var request, out var error) ? await call(request) : LegacyAnswer.Error(error);
    }

    private static async Task AnswerAsync(HttpContext context, LegacyAnswer answer)
    {
        var body = answer.Encode();
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers[LegacyNames.ProfileHeader] = LegacyNames.Profile;
        response.Headers[LegacyNames.DeprecationHeader] = LegacyNames.Deprecation;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Behind a proxy on a Unix socket everybody has the same address, unless the host reads the proxy's headers.</summary>
    private static LegacyCaller Caller(HttpContext context) => new(
        context.Request.Headers[LegacyNames.ApiKeyHeader] is { Count: > 0 } keys && !string.IsNullOrEmpty(keys[0]) ? keys[0] : null,
        new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort));
}
