using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Legacy.Json;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Legacy;

/// <summary>The legacy channels among all channels. A sealed one is unknown here, as these are unknown there. Thread safe.</summary>
internal sealed partial class LegacyChannels
{
    /// <summary>Entries beyond those that are there, so that not every new one looks for those that are gone.</summary>
    private const int Slack = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<ChannelId>> _byKey = new(StringComparer.Ordinal);
    private readonly ChannelRegistry _registry;
    private readonly CreateLimit _limit;
    private readonly ILogger<LegacyChannels> _logger;
    private int _noted;

    public LegacyChannels(ChannelRegistry registry, CreateLimit limit, ILogger<LegacyChannels> logger)
    {
        (_registry, _limit, _logger) = (registry, limit, logger);
        Rebuild();
        Count = _noted;
    }

    /// <summary>How many there were at the start.</summary>
    public int Count { get; }

    public Channel? Find(ChannelId id) => _registry.Find(id) is { Description.Kind: ChannelKind.Legacy } channel ? channel : null;

    /// <summary>Makes the channel of these credentials, or finds it.</summary>
    /// <returns>The channel, or why there is none.</returns>
    public async Task<(Channel? Channel, LegacyAnswer? Refusal)> OpenAsync(string? name, string? password, LegacyCaller caller)
    {
        if (name is not { Length: > 0 and <= LegacyLimits.ChannelName })
        {
            return (null, LegacyAnswer.Error($"channelName is missing, or longer than {LegacyLimits.ChannelName} characters."));
        }

        if (password?.Length > LegacyLimits.Password || caller.Owner.Length > LegacyLimits.ApiKey)
        {
            return (null, LegacyAnswer.Error($"channelPassword has {LegacyLimits.Password} characters at most, {LegacyNames.ApiKeyHeader} {LegacyLimits.ApiKey}."));
        }

        var id = LegacyChannelId.Of(caller.Owner, name, password ?? "");
        if (_registry.Find(id) is null && !_limit.TryTake(caller.Remote.Address, _registry.Count))
        {
            return (null, LegacyAnswer.Error(ChannelProblem.TooFast.Text));
        }

        var descriptor = new LegacyDescriptor(name, LegacyDescriptor.Hash(caller.Owner));
        var (status, channel) = await _registry.CreateAsync(new ChannelDescription(
            id, ChannelKind.Legacy, SHA256.HashData(Encoding.UTF8.GetBytes(password ?? "")), descriptor.Encode(), _registry.NowMs));
        if (channel is null)
        {
            return (null, LegacyAnswer.Error(ChannelProblem.Of(status).Text));
        }

        if (status == CreateStatus.Created)
        {
            Note(channel);
            LogCreated(_logger, id);
        }

        return (channel, null);
    }

    /// <summary>The channels that a key has made.</summary>
    public List<Channel> Of(string apiKey, int max)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(KeyOf(LegacyDescriptor.Hash(apiKey)), out var ids))
            {
                return [];
            }

            return [.. ids.Select(Find).OfType<Channel>().Take(max)];
        }
    }

    /// <summary>Removes a channel's events, and begins it again at the offset 0.</summary>
    public async Task<LegacyAnswer> ResetAsync(Channel channel)
    {
        var removed = await _registry.RemoveAsync(channel);
        if (removed != AppendStatus.Durable)
        {
            return LegacyAnswer.Error(ChannelProblem.Of(removed).Text);
        }

        var (status, again) = await _registry.CreateAsync(channel.Description with { CreatedMs = _registry.NowMs });
        if (again is null)
        {
            return LegacyAnswer.Error(ChannelProblem.Of(status).Text);
        }

        Note(again);
        LogReset(_logger, channel.Id);
        return LegacyAnswer.Done;
    }

    private void Note(Channel channel)
    {
        lock (_gate)
        {
            // The registry removes channels by itself.
            if (_noted >= (2 * _registry.Count) + Slack)
            {
                Rebuild();
            }

            Add(channel);
        }
    }

    private void Rebuild()
    {
        _byKey.Clear();
        _noted = 0;
        foreach (var channel in _registry.All.Where(static channel => channel.Description.Kind == ChannelKind.Legacy))
        {
            Add(channel);
        }
    }

    private void Add(Channel channel)
    {
        var key = KeyOf(LegacyDescriptor.Of(channel).ApiKeyHash);
        if (!_byKey.TryGetValue(key, out var ids))
        {
            _byKey.Add(key, ids = []);
        }

        _noted += ids.Add(channel.Id) ? 1 : 0;
    }

    private static string KeyOf(byte[] apiKeyHash) => Convert.ToHexStringLower(apiKeyHash);

    [LoggerMessage(EventId = 1090, Level = LogLevel.Information, Message = "Channel {Id} is new; it is a legacy one")]
    private static partial void LogCreated(ILogger logger, ChannelId id);

    [LoggerMessage(EventId = 1091, Level = LogLevel.Information, Message = "Legacy channel {Id} was reset: its events are gone, and its offsets begin at 0")]
    private static partial void LogReset(ILogger logger, ChannelId id);
}
