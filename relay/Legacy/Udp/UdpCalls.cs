using System.Net;
using System.Text;
using System.Text.Json;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;

namespace Messaging.Relay.Legacy.Udp;

/// <summary>Works on one datagram.</summary>
internal sealed class UdpCalls(LegacyService service, LegacySessions sessions, LegacyCounters counters, LegacyOptions options)
{
    /// <summary>Bytes of a datagram over IPv4, without its headers.</summary>
    public const int MaxDatagramBytes = 65_507;

    /// <summary>What is around the events of an answer.</summary>
    private const int Overhead = 512;

    /// <summary>Reads a datagram and does what it asks for.</summary>
    /// <returns>What is to be answered; null: nothing.</returns>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public Task<byte[]?> RunAsync(ReadOnlySpan<byte> datagram, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (LegacyJson.TryRead(datagram, LegacyJson.Lenient.UdpRequest, out var request, out _) && request.Payload is { } payload)
        {
            var body = Encoding.UTF8.GetBytes(payload.Text);
            if (request.Action == "push" && LegacyJson.TryRead(body, LegacyJson.Lenient.EventRequest, out var push, out _))
            {
                return PushAsync(push);
            }

            if (request.Action == "pull" && LegacyJson.TryRead(body, LegacyJson.Lenient.ReceiveRequest, out var pull, out _))
            {
                return PullAsync(pull, remote, cancellationToken);
            }
        }

        counters.Malformed();
        return Task.FromResult<byte[]?>(null);
    }

    private async Task<byte[]?> PushAsync(EventRequest push)
    {
        if (sessions.Find(push.SessionId) is null)
        {
            counters.Unknown();
        }
        else if ((await service.Events.PushAsync(push)).Status != LegacyAnswer.Done.Status)
        {
            counters.PushFailed();
        }

        return null;
    }

    private async Task<byte[]?> PullAsync(ReceiveRequest pull, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (sessions.Find(pull.SessionId) is null)
        {
            counters.Unknown();
            return null;
        }

        var page = new EventPage(options, MaxDatagramBytes - Overhead, takesAnyFirst: false);
        var answer = await service.Receiver.ReceiveAsync(pull, page, remote, cancellationToken);
        for (var i = 0; i < page.LeftOut; i++)
        {
            counters.Oversized();
        }

        return JsonSerializer.SerializeToUtf8Bytes(new UdpAnswer("ok", answer), LegacyJson.Lenient.UdpAnswer);
    }
}
