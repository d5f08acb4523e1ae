using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Microsoft.AspNetCore.Connections;

namespace Messaging.Relay.Hosting;

/// <summary>Counts a connection before its TLS handshake, which is the first thing that costs.</summary>
internal sealed class GateMiddleware(ConnectionGate gate, RelayCounters counters)
{
    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using var ticket = gate.TryEnter(connection.RemoteEndPoint);
        if (ticket is null)
        {
            counters.Count(RelayCounter.ConnectionsRefused);
            connection.Abort();
            return;
        }

        counters.Count(RelayCounter.ConnectionsAccepted);
        connection.Features.Set(ticket);
        try
        {
            await next(connection);
        }
        finally
        {
            if (!ticket.IsServed)
            {
                counters.Count(RelayCounter.TlsHandshakesFailed);
            }
        }
    }
}
