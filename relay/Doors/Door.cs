using Messaging.Relay.Channels.Mqtt;
using Messaging.Relay.Counters;
using Messaging.Relay.Hosting;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Microsoft.AspNetCore.Connections;

namespace Messaging.Relay.Doors;

/// <summary>
/// The door that fleet, users and channels share. It looks at the first packet without taking anything, and hands the connection on. Until then it is bounded as the fleet's
/// strangers are, in bytes, in time and by the gate; while there are neither users nor channels, it is not there.
/// </summary>
internal sealed class Door(RelayBroker fleet, UserEntrance? users, MqttChannels? channels, RelayOptions options, RelayCounters counters, TimeProvider time)
{
    /// <summary>Serves a connection until it ends.</summary>
    public Task RunAsync(RelayTransport transport, ConnectionTicket ticket) =>
        channels is not null || users is { IsOpen: true } ? DecideAsync(transport, ticket) : fleet.RunAsync(transport, ticket);

    private async Task DecideAsync(RelayTransport transport, ConnectionTicket ticket)
    {
        transport.AcceptedAt = time.GetTimestamp();
        switch (await WaitAsync(transport, ticket))
        {
            case (Destination.Fleet, _, _):
                await fleet.RunAsync(transport, ticket);
                break;
            case (Destination.Users, _, { } permissions):
                await users!.RunAsync(transport, permissions);
                break;
            case (Destination.Channels, { } packet, _):
                using (var output = new PipeChannel(transport, time))
                {
                    await channels!.RunAsync(transport, output, packet, ticket);
                }

                break;
            default:
                // The host closes the connection; a peer that does not want to know is cut a while later.
                new PipeChannel(transport, time).Abort();
                break;
        }
    }

    /// <summary>Whose the connection is, with its first packet, and what its user may; undecided when it is over.</summary>
    private async Task<(Destination Destination, ConnectPacket? Packet, Permissions? Permissions)> WaitAsync(RelayTransport transport, ConnectionTicket ticket)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
        try
        {
            var (destination, packet) = await LookAsync(transport, deadline.Token);
            return (destination, packet, destination == Destination.Users ? await users!.TryEnterAsync(transport, packet!, ticket, deadline.Token) : null);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            counters.Count(RelayCounter.ConnectTimeouts);
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
        {
            // The client is gone.
        }

        return (Destination.Undecided, null, null);
    }

    /// <summary>Whose the first packet is, and what it says unless it is the fleet's.</summary>
    private async Task<(Destination Destination, ConnectPacket? Packet)> LookAsync(RelayTransport transport, CancellationToken deadline)
    {
        while (true)
        {
            var read = await transport.Input.ReadAsync(deadline);
            var destination = FirstPacket.Judge(read.Buffer, options.MaxUnauthenticatedPacketBytes, out var packet);
            if (destination != Destination.Undecided || read.IsCompleted || read.IsCanceled)
            {
                // Nothing is taken and nothing counts as seen: the next reader begins at once, and at the beginning.
                transport.Input.AdvanceTo(read.Buffer.Start);
                return destination switch
                {
                    Destination.Users when users is { IsOpen: true } => (destination, packet),
                    Destination.Channels when channels is not null => (destination, packet),

                    // The fleet's relay also answers what nobody is there for, and what has ended too early.
                    _ => (Destination.Fleet, null),
                };
            }

            transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
