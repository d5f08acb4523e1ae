using System.Buffers;
using System.Net;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Messaging.Relay.Users;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Doors;

/// <summary>Lets users into the generic namespace, once they have proven their password.</summary>
internal sealed partial class UserEntrance(
    UserDirectory users, UserAuthentication authentication, Broker broker, RelayCounters counters, TimeProvider time, ILogger<UserEntrance> logger)
{
    /// <summary>Whether there is anybody who could come.</summary>
    public bool IsOpen => users.Current is not null;

    /// <summary>Holds a client against the users, and tells it when it is not taken.</summary>
    /// <param name="transport">The connection, with nothing taken from it.</param>
    /// <param name="packet">Its first packet.</param>
    /// <param name="ticket">Its place at the gate.</param>
    /// <param name="deadline">The end of the time for authentication.</param>
    /// <returns>What it may; null: the connection is over.</returns>
    public async Task<Permissions?> TryEnterAsync(RelayTransport transport, ConnectPacket packet, ConnectionTicket ticket, CancellationToken deadline)
    {
        var (reason, user) = await authentication.AuthenticateAsync(AddressKey.Of(transport.Remote) ?? default, packet.UserName, packet.Password, deadline);
        if (user is null)
        {
            counters.Count(reason is ReasonCode.ConnectionRateExceeded or ReasonCode.ServerBusy ? RelayCounter.UsersDelayed : RelayCounter.UsersRefused);
            LogRefused(logger, transport.Remote, reason);
            await RefuseAsync(transport, packet.Version, reason, deadline);
            return null;
        }

        counters.Count(RelayCounter.UsersAccepted);
        LogAccepted(logger, user.Name, ShownText.Of(packet.ClientId), transport.Remote);

        // The broker counts its connections itself.
        ticket.Promote(isDevice: false);
        return new Permissions(users, user, logger);
    }

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="transport">The connection; its first packet lies there whole.</param>
    /// <param name="permissions">What its user may.</param>
    public async Task RunAsync(RelayTransport transport, Permissions permissions)
    {
        using var channel = new PipeChannel(transport, time);
        await broker.RunAsync(channel, permissions, new ConnectionOrigin(transport.Remote, transport.Carriers));
    }

    private async Task RefuseAsync(RelayTransport transport, MqttVersion version, ReasonCode reason, CancellationToken deadline)
    {
        transport.Output.Write(ConnAckWriter.Write(version, reason, isSessionPresent: false, broker.Options, default, null));
        await transport.Output.FlushAsync(deadline);
    }

    [LoggerMessage(1074, LogLevel.Debug, "MQTT user {User} is connected as {ClientId} from {Remote}")]
    private static partial void LogAccepted(ILogger logger, string user, string clientId, EndPoint? remote);

    // Debug, because strangers decide how often it happens; the counters tell operators.
    [LoggerMessage(1075, LogLevel.Debug, "A user of MQTT from {Remote} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, ReasonCode reason);
}
