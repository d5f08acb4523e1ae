using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Messaging.Relay.Channels.Http;

/// <summary>What all requests for channels share: who may, and how is answered.</summary>
internal static class ChannelHttp
{
    private const string Scheme = "Bearer ";
    private const int RetrySeconds = 30;

    /// <summary>The channel that a request's address names.</summary>
    public static Channel? Find(this ChannelRegistry registry, HttpContext context) =>
        ChannelId.TryParse(context.Request.RouteValues["id"] as string, out var id) && registry.Find(id) is { Description.Kind: ChannelKind.Sealed } channel ? channel : null;

    /// <summary>Whether a request shows the channel's secret (RFC 6750, section 2.1).</summary>
    public static bool IsOpenedBy(this Channel channel, HttpContext context)
    {
        if (context.Request.Headers.Authorization is not { Count: 1 } values || values[0] is not { } text
            || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return ChannelSocket.TryParseSecret(text.AsSpan(Scheme.Length), out var secret) && channel.Description.IsOpenedBy(secret);
    }

    /// <summary>The channel that a request names and opens; else the refusal is answered.</summary>
    public static async ValueTask<Channel?> OpenAsync(this ChannelRegistry registry, HttpContext context)
    {
        var channel = registry.Find(context);
        if (channel is not null && channel.IsOpenedBy(context))
        {
            return channel;
        }

        registry.Counters.Denied();
        await context.RefuseAsync(channel is null ? ChannelProblem.NotFound : ChannelProblem.Denied);
        return null;
    }

    public static async Task RefuseAsync(this HttpContext context, ChannelProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem == ChannelProblem.Denied)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (problem.IsPassing)
        {
            context.Response.Headers.RetryAfter = RetryAfter.Write(TimeSpan.FromSeconds(RetrySeconds));
        }

        var document = new ProblemDocument(ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Text, problem.Code);
        var body = JsonSerializer.SerializeToUtf8Bytes(document, ProblemJson.Default.ProblemDocument);
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static async Task AnswerAsync(this HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ChannelSocket.MediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A request's body; null when it has more bytes than it may.</summary>
    public static async ValueTask<byte[]?> ReadBodyAsync(this HttpContext context, int max)
    {
        if (context.Request.ContentLength > max)
        {
            return null;
        }

        // The host's own limit may be smaller, or refuse with another status.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > max)
            {
                reader.AdvanceTo(read.Buffer.Start);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads a number of the query; absent, it is <paramref name="otherwise"/>.</summary>
    public static bool TryNumber(this HttpContext context, string name, long otherwise, out long number)
    {
        var values = context.Request.Query[name];
        number = otherwise;
        return values.Count == 0
            || (values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }
}
