using System.Buffers;
using System.Text;
using System.Text.Json;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Live;

/// <summary>Writes one reader's events (text/event-stream) until it leaves, its access ends or the server stops.</summary>
internal sealed class LiveStream(LiveQueue queue, DeviceViews devices, Authenticator authenticator, TimeProvider time)
{
    private static readonly byte[] Start = ": connected\nretry: 2000\n\n"u8.ToArray();
    private static readonly byte[] HeartbeatComment = ": heartbeat\n\n"u8.ToArray();
    private static readonly byte[] Resync = "event: resync\ndata: {}\n\n"u8.ToArray();

    public async Task RunAsync(HttpContext context, OperatorRole role, CancellationToken cancellationToken)
    {
        var output = context.Response.Body;
        await output.WriteAsync(Start, cancellationToken);
        await output.FlushAsync(cancellationToken);
        var buffer = new ArrayBufferWriter<byte>();
        var nextHeartbeat = time.GetUtcNow() + LiveLimits.Heartbeat;
        while (true)
        {
            var heartbeat = !await NewsBeforeAsync(nextHeartbeat, cancellationToken);
            var batch = queue.Take();
            if ((heartbeat || batch.AccessChanged) && (await authenticator.AuthenticateAsync(context, use: false))?.Role != role)
            {
                return;
            }

            buffer.ResetWrittenCount();
            Write(buffer, batch);
            if (heartbeat)
            {
                buffer.Write(HeartbeatComment);
            }

            if (buffer.WrittenCount > 0)
            {
                await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
                await output.FlushAsync(cancellationToken);
                nextHeartbeat = time.GetUtcNow() + LiveLimits.Heartbeat;
            }

            if (batch.Devices.Count > 0)
            {
                await Task.Delay(LiveLimits.DevicePause, time, cancellationToken);
            }
        }
    }

    private void Write(ArrayBufferWriter<byte> buffer, LiveBatch batch)
    {
        if (batch.Resync)
        {
            buffer.Write(Resync);
        }

        foreach (var id in batch.Devices)
        {
            if (devices.Find(id) is { } view)
            {
                Write(buffer, "device", JsonSerializer.SerializeToUtf8Bytes(view, ApiJson.Default.DeviceView));
            }
        }

        foreach (var message in batch.Messages)
        {
            Write(buffer, message.Name, message.Body.Span);
        }
    }

    /// <summary>JSON has no raw line break, so one data line holds it.</summary>
    private static void Write(ArrayBufferWriter<byte> buffer, string name, ReadOnlySpan<byte> json)
    {
        buffer.Write("event: "u8);
        Encoding.UTF8.GetBytes(name, buffer);
        buffer.Write("\ndata: "u8);
        buffer.Write(json);
        buffer.Write("\n\n"u8);
    }

    /// <summary>False when the time came first.</summary>
    private async Task<bool> NewsBeforeAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var left = deadline - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await queue.News.WaitAsync(left, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
