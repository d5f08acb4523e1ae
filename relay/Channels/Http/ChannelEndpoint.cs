using Messaging.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Relay.Channels.Http;

/// <summary>A channel itself: PUT makes it, GET describes it, its members list.</summary>
internal sealed class ChannelEndpoint(ChannelRegistry registry, CreateLimit limit)
{
    /// <summary>CBOR around a descriptor.</summary>
    private const int MaxCreateBytes = ChannelCreate.MaxDescriptorBytes + 64;

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsPut(context.Request.Method))
        {
            await CreateAsync(context);
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            await DescribeAsync(context);
        }
        else
        {
            await context.RefuseAsync(ChannelProblem.Method);
        }
    }

    /// <summary>Who is here.</summary>
    public async Task ListMembersAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await context.RefuseAsync(ChannelProblem.Method);
        }
        else if (await registry.OpenAsync(context) is { } channel)
        {
            await context.AnswerAsync(StatusCodes.Status200OK, new ChannelMemberList(channel.Members.List).Encode());
        }
    }

    private async Task CreateAsync(HttpContext context)
    {
        if (!ChannelId.TryParse(context.Request.RouteValues["id"] as string, out var id) || id.IsEmpty
            || await context.ReadBodyAsync(MaxCreateBytes) is not { } body || !ChannelCreate.TryDecode(body, out var create))
        {
            await context.RefuseAsync(ChannelProblem.Malformed);
            return;
        }

        if (registry.Find(id) is null && !limit.TryTake(context.Connection.RemoteIpAddress, registry.Count))
        {
            await context.RefuseAsync(ChannelProblem.TooFast);
            return;
        }

        var description = new ChannelDescription(id, ChannelKind.Sealed, create.AccessHash, create.Descriptor, registry.NowMs);
        var (status, channel) = await registry.CreateAsync(description);
        if (channel is null)
        {
            await context.RefuseAsync(ChannelProblem.Of(status));
            return;
        }

        await context.AnswerAsync(status == CreateStatus.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Info(channel, isOpened: true));
    }

    private async Task DescribeAsync(HttpContext context)
    {
        if (registry.Find(context) is not { } channel)
        {
            await context.RefuseAsync(ChannelProblem.NotFound);
        }
        else if (context.Request.Headers.Authorization.Count > 0 && !channel.IsOpenedBy(context))
        {
            registry.Counters.Denied();
            await context.RefuseAsync(ChannelProblem.Denied);
        }
        else
        {
            await context.AnswerAsync(StatusCodes.Status200OK, Info(channel, isOpened: context.Request.Headers.Authorization.Count > 0));
        }
    }

    private static byte[] Info(Channel channel, bool isOpened)
    {
        var extent = channel.Extent;
        return new ChannelInfo(
            channel.Description.Descriptor, channel.Description.CreatedMs, isOpened ? (ulong)extent.First : null, isOpened ? (ulong)extent.Next : null).Encode();
    }
}
