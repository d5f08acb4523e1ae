using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Users;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Mqtt.Access;

/// <summary>
/// What one connection of a user may, as the users are now. Its reader asks; <see cref="Update"/> may come from anywhere. What was decided of a topic is remembered
/// until the users change, so that a message costs a comparison and no memory.
/// </summary>
/// <param name="users">The users in force.</param>
/// <param name="user">Who it is: whose password was proven.</param>
/// <param name="logger">Told once of what is refused.</param>
internal sealed partial class Permissions(UserDirectory users, MqttUser user, ILogger logger)
{
    private const int MaxRemembered = 256;
    private const int MaxRememberedBytes = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], bool> _decisions = new(ByteKeys.Instance);
    private byte[] _clientId = [];
    private volatile Acl _acl = new(user, default);
    private Acl? _decidedBy;
    private byte[] _lastTopic = [];
    private bool _lastDecision;
    private bool _hasLogged;

    public string User => user.Name;

    public Acl Acl => _acl;

    /// <summary>The client says who it is.</summary>
    /// <returns>Success, or why it is not taken.</returns>
    public ReasonCode Enter(ConnectPacket packet)
    {
        if (Name(packet.ClientId) is not ReasonCode.Success)
        {
            // Since the password was verified; CONNACK knows no other reason for it.
            return ReasonCode.NotAuthorized;
        }

        return packet.Will is { } will && !MayPublish(will.Topic) ? ReasonCode.NotAuthorized : ReasonCode.Success;
    }

    /// <summary>The client has this name from now on.</summary>
    /// <returns>As <see cref="Update"/>.</returns>
    public ReasonCode Name(ReadOnlySpan<byte> clientId)
    {
        lock (_gate)
        {
            _clientId = clientId.ToArray();
            return Update();
        }
    }

    /// <summary>The users may have changed.</summary>
    /// <returns>Success, or why the connection is over: the user is gone, or has another password.</returns>
    public ReasonCode Update()
    {
        lock (_gate)
        {
            if (users.Current?.Find(user.Name) is not { } now)
            {
                return ReasonCode.NotAuthorized;
            }

            if (!now.Password.IsSame(user.Password))
            {
                return ReasonCode.AdministrativeAction;
            }

            _acl = new Acl(now, _clientId);
            return ReasonCode.Success;
        }
    }

    public bool MayPublish(ReadOnlySpan<byte> topic)
    {
        var acl = _acl;
        if (!ReferenceEquals(acl, _decidedBy))
        {
            _decisions.Clear();
            (_decidedBy, _lastTopic) = (acl, []);
        }

        if (!topic.SequenceEqual(_lastTopic))
        {
            Decide(acl, topic);
        }

        return _lastDecision || Refuse(topic);
    }

    /// <param name="filter">Of a shared subscription, what comes after its group.</param>
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => _acl.MaySubscribe(filter) || Refuse(filter);

    private void Decide(Acl acl, ReadOnlySpan<byte> topic)
    {
        var bySpan = _decisions.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (bySpan.TryGetValue(topic, out var known, out var decision))
        {
            (_lastTopic, _lastDecision) = (known, decision);
            return;
        }

        (_lastTopic, _lastDecision) = (topic.ToArray(), acl.MayPublish(topic));
        if (topic.Length > MaxRememberedBytes)
        {
            return;
        }

        if (_decisions.Count >= MaxRemembered)
        {
            _decisions.Clear();
        }

        _decisions.Add(_lastTopic, _lastDecision);
    }

    /// <summary>Once for a connection: an administrator finds out why nothing comes, and nobody fills the log.</summary>
    private bool Refuse(ReadOnlySpan<byte> topic)
    {
        if (!_hasLogged)
        {
            _hasLogged = true;
            LogRefused(logger, user.Name, ShownText.Of(_clientId), ShownText.Of(topic));
        }

        return false;
    }

    [LoggerMessage(1070, LogLevel.Information, "MQTT user {User} as {ClientId}: {Topic} is not among what it may use; this is said once for a connection")]
    private static partial void LogRefused(ILogger logger, string user, string clientId, string topic);
}
