using Messaging.Relay.Counters;
using Messaging.Relay.Hosting;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Microsoft.AspNetCore.Connections;

namespace Messaging.Relay.Doors;

/// <summary>
/// The door that fleet and users share. It looks at the first packet without taking anything, and hands the connection on. Until then it is bounded as the fleet's strangers
/// are, in bytes, in time and by the gate; while there are no users, it is not there.
/// </summary>
internal sealed class Door(RelayBroker fleet, UserEntrance? users, RelayOptions options, RelayCounters counters, TimeProvider time)
{
    /// <summary>Serves a connection until it ends.</summary>
    public Task RunAsync(RelayTransport transport, ConnectionTicket ticket) =>
        users is { IsOpen: true } ? DecideAsync(transport, ticket, users) : fleet.RunAsync(transport, ticket);

    private async Task DecideAsync(RelayTransport transport, ConnectionTicket ticket, UserEntrance entrance)
    {
        transport.AcceptedAt = time.GetTimestamp();
        switch (await WaitAsync(transport, ticket, entrance))
        {
            case (Destination.Fleet, _):
                await fleet.RunAsync(transport, ticket);
                break;
            case (Destination.Users, { } permissions):
                await entrance.RunAsync(transport, permissions);
                break;
            default:
                // The host closes the connection; a peer that does not want to know is cut a while later.
                new PipeChannel(transport, time).Abort();
                break;
        }
    }

    /// <summary>Whose the connection is, and what its user may; undecided when it is over.</summary>
    private async Task<(Destination Destination, Permissions? Permissions)> WaitAsync(RelayTransport transport, ConnectionTicket ticket, UserEntrance entrance)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
        try
        {
            return await LookAsync(transport, deadline.Token) is { } packet
                ? (Destination.Users, await entrance.TryEnterAsync(transport, packet, ticket, deadline.Token))
                : (Destination.Fleet, null);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            counters.Count(RelayCounter.ConnectTimeouts);
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
        {
            // The client is gone.
        }

        return (Destination.Undecided, null);
    }

    /// <summary>The first packet, if it is a user's.</summary>
    private async Task<ConnectPacket?> LookAsync(RelayTransport transport, CancellationToken deadline)
    {
        while (true)
        {
            var read = await transport.Input.ReadAsync(deadline);
            var destination = FirstPacket.Judge(read.Buffer, options.MaxUnauthenticatedPacketBytes, out var packet);
            if (destination != Destination.Undecided || read.IsCompleted || read.IsCanceled)
            {
                // Nothing is taken and nothing counts as seen: the next reader begins at once, and at the beginning.
                transport.Input.AdvanceTo(read.Buffer.Start);
                return packet;
            }

            transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
