using System.Net;
using Messaging.Relay.Doors;
using Messaging.Relay.Limits;
using Messaging.Relay.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Messaging.Relay.Hosting;

/// <summary>MQTT straight on TCP, TLS or a Unix socket.</summary>
internal sealed class RelayConnectionHandler(Door door, RelayBroker broker) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        var ticket = connection.Features.Get<ConnectionTicket>()
            ?? throw new InvalidOperationException("The relay's listeners count connections before they handle them.");
        ticket.IsServed = true;
        var transport = new RelayTransport
        {
            Input = connection.Transport.Input,
            Output = connection.Transport.Output,
            Remote = connection.RemoteEndPoint as IPEndPoint,
            TlsSpkiSha256 = SpkiHash.Of(connection.Features.Get<ISslStreamFeature>()),
            Carrier = Carrier.Stream,
            Abort = connection.Abort,
        };

        // What is for control in the same process is not shared.
        return connection.RemoteEndPoint is IPEndPoint ? door.RunAsync(transport, ticket) : broker.RunAsync(transport, ticket);
    }
}
