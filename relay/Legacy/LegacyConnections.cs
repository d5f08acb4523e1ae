using System.Text;
using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Storage;
using Messaging.Wire;

namespace Messaging.Relay.Legacy;

/// <summary>Agents come and go.</summary>
internal sealed class LegacyConnections(LegacyChannels channels, LegacyEvents events, LegacySessions sessions, SessionTable table, TimeProvider time)
{
    /// <summary>POST /connect.</summary>
    public async Task<LegacyAnswer> ConnectAsync(ConnectRequest request, LegacyCaller caller)
    {
        if (CheckAgent(request) is { } error)
        {
            return LegacyAnswer.Error(error);
        }

        var (channel, refusal) = await FindAsync(request, caller);
        if (channel is null)
        {
            return refusal!;
        }

        if (sessions.Find(request.SessionId) is { } own && own.Channel == channel.Id && own.Agent == request.AgentName)
        {
            own.Touch(time.GetTimestamp(), caller.Address);
            return Answer(channel, request.SessionId!, own.Position);
        }

        return await BeginAsync(channel, request, caller);
    }

    /// <summary>POST /disconnect.</summary>
    public async Task<LegacyAnswer> DisconnectAsync(SessionRequest request) =>
        sessions.Find(request.SessionId) is { } session ? await EndAsync(session) ?? LegacyAnswer.Done : LegacyAnswer.UnknownSession;

    /// <summary>Ends a session and says so in its channel.</summary>
    /// <returns>What went wrong; the session is over all the same.</returns>
    public async Task<LegacyAnswer?> EndAsync(LegacySession session)
    {
        if (!sessions.Remove(session))
        {
            return null;
        }

        var deleted = table.DeleteAsync(session);
        var refusal = channels.Find(session.Channel) is { } channel
            ? (await events.AnnounceAsync(channel, session.Agent, LegacyNames.Disconnect, session.LatestAddress)).Refusal
            : null;
        await deleted;
        return refusal is null ? null : LegacyAnswer.Error($"The session is over, but nobody was told. {refusal.StatusMessage}");
    }

    private async Task<(Channel? Channel, LegacyAnswer? Refusal)> FindAsync(ConnectRequest request, LegacyCaller caller)
    {
        if (string.IsNullOrEmpty(request.ChannelId))
        {
            return await channels.OpenAsync(request.ChannelName, request.ChannelPassword, caller);
        }

        if (!ChannelId.TryParse(request.ChannelId, out var id) || channels.Find(id) is not { } channel)
        {
            return (null, LegacyAnswer.Error("There is no channel of this channelId. Connect with channelName and channelPassword, which makes it."));
        }

        return string.IsNullOrEmpty(request.ChannelPassword) || channel.Description.IsOpenedBy(Encoding.UTF8.GetBytes(request.ChannelPassword))
            ? (channel, null)
            : (null, LegacyAnswer.Error("channelPassword is not that of the channelId."));
    }

    private async Task<LegacyAnswer> BeginAsync(Channel channel, ConnectRequest request, LegacyCaller caller)
    {
        var id = SessionKey.NewId();
        var session = new LegacySession(
            SessionKey.Of(id), channel.Id, request.AgentName!, request.AgentContext, caller.Address, channel.Extent.Next, time.GetTimestamp());
        if (sessions.TryAdd(session) is var refused && refused != SessionRefusal.None)
        {
            return LegacyAnswer.Error(Text(refused));
        }

        // One behind the other, and so most often in one transaction.
        var saving = table.SaveAsync(session);
        var (offset, refusal) = await events.AnnounceAsync(channel, session.Agent, LegacyNames.Connect, session.LatestAddress);
        var saved = await saving;
        if (saved != StoreOutcome.Durable || refusal is not null)
        {
            sessions.Remove(session);
            await table.DeleteAsync(session);
            return refusal ?? LegacyAnswer.Error(ChannelProblem.Busy.Text);
        }

        session.Position = offset;
        return Answer(channel, id, offset);
    }

    private LegacyAnswer Answer(Channel channel, string sessionId, long offset) => LegacyAnswer.Of(
        new ConnectAnswer(sessionId, channel.Id.ToString(), time.GetUtcNow().ToUnixTimeMilliseconds(), ChannelMetadata.Of(channel, offset)),
        LegacyJson.Lenient.ConnectAnswer);

    private static string? CheckAgent(ConnectRequest request)
    {
        if (request.AgentName is not { Length: > 0 and <= LegacyLimits.AgentName } name)
        {
            return $"agentName is missing, or longer than {LegacyLimits.AgentName} characters.";
        }

        if (name.Contains('*', StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            return "agentName may have neither a *, which stands for many, nor control characters.";
        }

        return request.AgentContext is { Text: var context } && (context[0] != '{' || context.Length > LegacyLimits.AgentContext)
            ? $"agentContext is an object, of {LegacyLimits.AgentContext} characters at most."
            : null;
    }

    private static string Text(SessionRefusal refusal) => refusal switch
    {
        SessionRefusal.NameInUse => "An agent of this agentName is connected. Choose another, or connect with the sessionId of its session.",
        SessionRefusal.ChannelFull => "As many agents are in this channel as may be.",
        SessionRefusal.AddressFull => "As many agents are connected from this address as may be.",
        _ => "As many agents are connected as may be. Ask whoever runs the relay.",
    };
}
