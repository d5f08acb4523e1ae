using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Transport.Polling;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Transport.Polling;

/// <summary>A tunnel over requests that fail, as often as they like.</summary>
public sealed class PollTunnelTests
{
    private static readonly PollSettings Settings = new() { RetryDelay = TimeSpan.FromMilliseconds(1), Farewell = TimeSpan.FromSeconds(30) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_ArriveOnceAndInOrder_WhateverFails()
    {
        var relay = new UnreliableRelay(failing: 3);
        var sent = RandomNumberGenerator.GetBytes(300_000);
        relay.Down.Enqueue(sent[..70]);
        relay.Down.Enqueue(sent[70..1000]);
        await using (var tunnel = await OpenAsync(relay))
        {
            await tunnel.Output.WriteAsync(sent, Ct);
            await tunnel.Output.FlushAsync(Ct);
            var received = new byte[1000];
            await tunnel.Input.ReadExactlyAsync(received, Ct);
            Assert.Equal(sent[..1000], received);
        }

        Assert.Equal(sent, relay.Up.OrderBy(static chunk => chunk.Key).SelectMany(static chunk => chunk.Value));
        Assert.True(relay.WasClosed);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task SessionThatIsGone_EndsTheTunnel(HttpStatusCode status)
    {
        await using var tunnel = await OpenAsync(new UnreliableRelay(failing: 0) { Poll = status });

        await Assert.ThrowsAsync<PollEndedException>(async () => await tunnel.Input.ReadExactlyAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task ConnectionThatIsOver_EndsTheStream()
    {
        await using var tunnel = await OpenAsync(new UnreliableRelay(failing: 0) { Poll = HttpStatusCode.Gone });

        Assert.Equal(0, await tunnel.Input.ReadAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task ServerWithoutLongPoll_IsNotBegunWith()
    {
        var relay = new UnreliableRelay(failing: 0) { Open = HttpStatusCode.NotFound };

        await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync(relay));
    }

    private static Task<PollTunnel> OpenAsync(UnreliableRelay relay) =>
        PollTunnel.OpenAsync(new HttpClient(relay), new Uri("http://relay/mqtt/poll"), Settings, TimeProvider.System, Ct);

    /// <summary>Fails each request some times: half of them before it counts, half of them after.</summary>
    private sealed class UnreliableRelay(int failing) : HttpMessageHandler
    {
        private readonly ConcurrentDictionary<string, int> _attempts = new();
        private byte[] _last = [];
        private ulong _handedOut;

        public HttpStatusCode Open { get; init; } = HttpStatusCode.Created;

        public HttpStatusCode? Poll { get; init; }

        public ConcurrentDictionary<ulong, byte[]> Up { get; } = [];

        public ConcurrentQueue<byte[]> Down { get; } = [];

        public bool WasClosed { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.Headers.Contains(LongPoll.SessionHeader))
            {
                var opened = new HttpResponseMessage(Open);
                opened.Headers.Add(LongPoll.SessionHeader, "session");
                return opened;
            }

            if (request.Method == HttpMethod.Delete)
            {
                WasClosed = true;
                return new HttpResponseMessage(HttpStatusCode.NoContent);
            }

            var number = ulong.Parse(request.Headers.GetValues(LongPoll.NumberHeader).Single());
            var attempt = _attempts.AddOrUpdate($"{request.Method} {number}", 1, static (_, count) => count + 1);
            if (attempt <= failing && attempt % 2 == 1)
            {
                throw new HttpRequestException("lost on the way there");
            }

            var response = request.Method == HttpMethod.Post ? await TakeAsync(number, request, cancellationToken) : await HandOutAsync(number, cancellationToken);
            return attempt <= failing ? new HttpResponseMessage(HttpStatusCode.BadGateway) : response;
        }

        private async Task<HttpResponseMessage> TakeAsync(ulong number, HttpRequestMessage request, CancellationToken ct)
        {
            var bytes = await request.Content!.ReadAsByteArrayAsync(ct);
            Assert.InRange(bytes.Length, 1, LongPoll.MaxChunkBytes);
            Assert.Equal(bytes, Up.GetOrAdd(number, bytes));
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        private async Task<HttpResponseMessage> HandOutAsync(ulong number, CancellationToken ct)
        {
            if (Poll is { } status)
            {
                return new HttpResponseMessage(status);
            }

            if (number == _handedOut + 1 && Down.TryDequeue(out var next))
            {
                (_last, _handedOut) = (next, number);
            }
            else if (number != _handedOut)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(_last) };
        }
    }
}
