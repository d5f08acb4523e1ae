using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Wire;

namespace Messaging.Relay.Legacy;

/// <summary>What there is: channels and agents.</summary>
internal sealed class LegacyDirectory(LegacyChannels channels, LegacySessions sessions, LegacyOptions options, TimeProvider time)
{
    /// <summary>POST /create-channel.</summary>
    public async Task<LegacyAnswer> CreateAsync(CreateRequest request, LegacyCaller caller)
    {
        var (channel, refusal) = await channels.OpenAsync(request.ChannelName, request.ChannelPassword, caller);
        return channel is null ? refusal! : LegacyAnswer.Of(ChannelMetadata.Of(channel, channel.Extent.Next), LegacyJson.Lenient.ChannelMetadata);
    }

    /// <summary>POST /list-agents.</summary>
    public LegacyAnswer ListAgents(SessionRequest request, LegacyCaller caller)
    {
        if (sessions.Find(request.SessionId) is not { } session)
        {
            return LegacyAnswer.UnknownSession;
        }

        session.Touch(time.GetTimestamp(), caller.Address);
        return LegacyAnswer.Of(
            sessions.Of(session.Channel).ConvertAll(static agent => new AgentView(agent.Agent, agent.Context)), LegacyJson.Lenient.ListAgentView);
    }

    /// <summary>GET /channels: those of the caller's own key. The key that everybody shares would show everybody's.</summary>
    public LegacyAnswer ListChannels(LegacyCaller caller) => caller.HasOwnKey
        ? LegacyAnswer.Of(
            channels.Of(caller.Owner, options.MaxListed).ConvertAll(static channel => ChannelMetadata.Of(channel, channel.Extent.Next)), LegacyJson.Lenient.ListChannelMetadata)
        : LegacyAnswer.NoApiKey;

    /// <summary>DELETE /channel/{id}: by whoever has the key that made it. Sessions go on.</summary>
    public async Task<LegacyAnswer> ResetAsync(string? channelId, LegacyCaller caller)
    {
        if (!ChannelId.TryParse(channelId, out var id) || channels.Find(id) is not { } channel)
        {
            return LegacyAnswer.Error("There is no channel of this channelId.");
        }

        if (!LegacyDescriptor.Of(channel).IsOf(caller.Owner))
        {
            return LegacyAnswer.Unauthorized($"The header {LegacyNames.ApiKeyHeader} is not the key that made the channel.");
        }

        var answer = await channels.ResetAsync(channel);
        foreach (var session in sessions.Of(id))
        {
            session.Position = 0;
        }

        return answer;
    }
}
