using System.Buffers;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>One neighbour's request and its answer. Who is slow in either loses the connection.</summary>
internal sealed class ShareConnection(Socket socket, SharedArtifacts artifacts, ShareSlots slots, TimeProvider time)
{
    private const int BlockBytes = 64 * 1024;
    private const int MostDrained = 16 * 1024;
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(5);

    /// <summary>For what is sent at once: less than 16 KiB a second is not waited for.</summary>
    private static readonly TimeSpan BlockPatience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    /// <exception cref="SocketException">The neighbour went away.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="OperationCanceledException">It was too slow, or the agent ends.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using var deadline = new CancellationTokenSource(RequestPatience, time);
        using var agent = ct.Register(static state => ((CancellationTokenSource)state!).Cancel(), deadline);
        try
        {
            var have = 0;
            int end;
            while ((end = ShareRequest.EndOf(block.AsSpan(0, have))) < 0 && have < ShareRequest.MaxBytes)
            {
                var read = await socket.ReceiveAsync(block.AsMemory(have, ShareRequest.MaxBytes - have), deadline.Token);
                if (read == 0)
                {
                    return;
                }

                have += read;
            }

            var request = end < 0 ? null : ShareRequest.Parse(block.AsSpan(0, end));
            if (request is { Status: 200 })
            {
                await AnswerAsync(request, block, deadline);
            }
            else
            {
                await SendAsync(ShareAnswer.Error(request?.Status ?? 431), deadline);
            }

            await EndAsync(block, deadline);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task AnswerAsync(ShareRequest request, byte[] block, CancellationTokenSource deadline)
    {
        using var file = artifacts.Open(request.Sha256, out var length);
        if (file is null)
        {
            await SendAsync(ShareAnswer.Error(404), deadline);
        }
        else if (!request.TryPlace(length, out var offset, out var count))
        {
            await SendAsync(ShareAnswer.NoSuchRange(length), deadline);
        }
        else if (request.IsHead)
        {
            await SendAsync(ShareAnswer.Content(0, length, length, isPart: false), deadline);
        }
        else if (!slots.TryTake())
        {
            await SendAsync(ShareAnswer.Error(503), deadline);
        }
        else
        {
            try
            {
                await SendAsync(ShareAnswer.Content(offset, count, length, request.From.HasValue), deadline);
                await SendFileAsync(file, offset, count, block, deadline);
            }
            finally
            {
                slots.Release();
            }
        }
    }

    private async Task SendFileAsync(SafeFileHandle file, long offset, long count, byte[] block, CancellationTokenSource deadline)
    {
        while (count > 0)
        {
            var read = RandomAccess.Read(file, block.AsSpan(0, (int)Math.Min(BlockBytes, count)), offset);
            if (read == 0)
            {
                throw new IOException("an artifact that is shared has become shorter");
            }

            while (slots.Reserve(read) is { Ticks: > 0 } wait)
            {
                deadline.CancelAfter(wait + BlockPatience);
                await Task.Delay(wait, time, deadline.Token);
            }

            await SendAsync(block.AsMemory(0, read), deadline);
            (offset, count) = (offset + read, count - read);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationTokenSource deadline)
    {
        deadline.CancelAfter(BlockPatience);
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, deadline.Token)..];
        }
    }

    /// <summary>Closing with something unread would take back what was sent (RFC 9112, 9.6).</summary>
    private async Task EndAsync(byte[] block, CancellationTokenSource deadline)
    {
        socket.Shutdown(SocketShutdown.Send);
        deadline.CancelAfter(FarewellPatience);
        for (var drained = 0; drained < MostDrained;)
        {
            var read = await socket.ReceiveAsync(block.AsMemory(0, BlockBytes), deadline.Token);
            if (read == 0)
            {
                return;
            }

            drained += read;
        }
    }
}
