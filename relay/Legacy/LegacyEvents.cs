using System.Text.Json;
using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Legacy;

/// <summary>Stores events.</summary>
internal sealed class LegacyEvents(ChannelRegistry registry, LegacyChannels channels, LegacySessions sessions, TimeProvider time)
{
    /// <summary>POST /event: the answer comes when the event is on the disk.</summary>
    /// <param name="request">The event.</param>
    /// <param name="caller">Who sent it over HTTP; null: it came in a datagram.</param>
    public async Task<LegacyAnswer> PushAsync(EventRequest request, LegacyCaller? caller)
    {
        if (sessions.Find(request.SessionId) is not { } session)
        {
            return LegacyAnswer.UnknownSession;
        }

        if (Check(request) is { } error)
        {
            return LegacyAnswer.Error(error);
        }

        if (channels.Find(session.Channel) is not { } channel)
        {
            return LegacyAnswer.Error(ChannelProblem.Removed.Text);
        }

        if (caller is null)
        {
            session.Touch(time.GetTimestamp());
        }
        else
        {
            session.Touch(time.GetTimestamp(), caller.Address);
        }

        var stored = new LegacyEvent(session.Agent, request.To, request.Type!, request.Encrypted ?? false, request.Content, registry.NowMs, request.OtherProperties);
        var (offset, refusal) = await AppendAsync(channel, stored, caller?.Address ?? session.LatestAddress);
        return refusal ?? LegacyAnswer.Of(ChannelMetadata.Of(channel, offset), LegacyJson.Lenient.ChannelMetadata);
    }

    /// <summary>An agent comes or goes.</summary>
    public Task<(long Offset, LegacyAnswer? Refusal)> AnnounceAsync(Channel channel, string agent, string type, AddressKey? from) =>
        AppendAsync(channel, new LegacyEvent(agent, LegacyNames.Everybody, type, Encrypted: false, Content: "", registry.NowMs, OtherProperties: null), from);

    private async Task<(long Offset, LegacyAnswer? Refusal)> AppendAsync(Channel channel, LegacyEvent stored, AddressKey? from)
    {
        var result = await registry.AppendAsync(channel, JsonSerializer.SerializeToUtf8Bytes(stored, LegacyJson.Lenient.LegacyEvent), from);
        return result.Status == AppendStatus.Durable ? (result.Offset, null) : (0, LegacyAnswer.Error(ChannelProblem.Of(result.Status).Text));
    }

    private static string? Check(EventRequest request)
    {
        if (request.Type is not { Length: > 0 and <= LegacyLimits.EventType })
        {
            return $"type is missing, or longer than {LegacyLimits.EventType} characters.";
        }

        return request.To?.Length > LegacyLimits.Address ? $"to has {LegacyLimits.Address} characters at most." : null;
    }
}
