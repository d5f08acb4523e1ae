using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.Relay;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Messaging.FleetServer.Relaying.Activity;

internal static class RelayActivityEndpoints
{
    private static readonly ApiProblem Elsewhere = new(
        404, "relay_elsewhere", $"This server does not have that part of the relay: it is off, or in another process. {ElsewhereView.MetricsAdvice}");

    public static IServiceCollection AddRelayActivity(this IServiceCollection services) => services
        .AddSingleton<RelaySections>()
        .AddSingleton<RelayRates>()
        .AddSingleton<RelayActivity>()
        .AddHostedService(static provider => provider.GetRequiredService<RelayRates>());

    public static void MapRelayActivity(this IEndpointRouteBuilder api)
    {
        api.MapGet("/relay/activity", Activity).WithTags("System").WithSummary("What the relay does, drops and refuses: in all, and during the last minute.")
            .Produces<RelayActivityView>();
        api.MapGet("/relay/mqtt-connections", Connections).WithTags("System")
            .WithSummary("Connections of MQTT users, by what waits, rate, drops or age; search narrows the list.").Produces<CountedPage<MqttConnectionView>>();
        api.MapDelete("/relay/mqtt-connections/{id}", Cut).WithTags("System").WithSummary("Ends a connection of an MQTT user, who may come again.").Produces(204);
        api.MapGet("/relay/channels", Channels).WithTags("System").WithSummary("Channels by rate, size, followers or last use; search narrows the list.")
            .Produces<CountedPage<ChannelView>>();
    }

    private static Ok<RelayActivityView> Activity(RelayActivity activity) => TypedResults.Ok(activity.Read());

    private static IResult Connections(string? search, string? sort, string? limit, string? cursor, RelaySections sections)
    {
        var query = RelayListQuery.Of(search, limit, cursor);
        var order = query.Order(sort, MqttConnectionOrder.Waiting);
        if (query.Validation.Failed)
        {
            return query.Validation.Problem;
        }

        if (sections.Mqtt is not { } mqtt)
        {
            return Elsewhere;
        }

        var page = mqtt.List(order, query.Search, query.Skip, query.Limit);
        return TypedResults.Ok(new CountedPage<MqttConnectionView>([.. page.Items.Select(MqttConnectionView.Of)], query.Next(page.Total), page.Total));
    }

    private static IResult Cut(string id, HttpContext context, RelaySections sections)
    {
        if (sections.Mqtt is not { } mqtt)
        {
            return Elsewhere;
        }

        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || mqtt.Cut(number) is not { } cut)
        {
            return Problems.NotFound("connection");
        }

        context.Audit().Details = $"{cut.User} as {cut.ClientId} from {cut.Address}";
        return TypedResults.NoContent();
    }

    private static IResult Channels(string? search, string? sort, string? limit, string? cursor, RelaySections sections)
    {
        var query = RelayListQuery.Of(search, limit, cursor);
        var order = query.Order(sort, ChannelOrder.Rate);
        if (query.Validation.Failed)
        {
            return query.Validation.Problem;
        }

        if (sections.Channels is not { } channels)
        {
            return Elsewhere;
        }

        var page = channels.List(order, query.Search, query.Skip, query.Limit);
        return TypedResults.Ok(new CountedPage<ChannelView>([.. page.Items.Select(ChannelView.Of)], query.Next(page.Total), page.Total));
    }
}
