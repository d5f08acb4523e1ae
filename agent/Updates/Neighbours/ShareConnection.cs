using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>One neighbour's request and its answer. Who is slow in either loses the connection. Blocks its thread.</summary>
internal sealed class ShareConnection(Socket socket, SharedArtifacts artifacts, ShareSlots slots, TimeProvider time, CancellationToken ct)
{
    private const int BlockBytes = 64 * 1024;
    private const int MostDrained = 16 * 1024;

    /// <summary>How long a deadline, or the end of the agent, may go unnoticed.</summary>
    private const int StepMilliseconds = 100;

    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(5);

    /// <summary>For a block: less than 16 KiB a second is not waited for.</summary>
    private static readonly TimeSpan BlockPatience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);
    private readonly byte[] _block = new byte[BlockBytes];

    /// <exception cref="SocketException">The neighbour went away.</exception>
    /// <exception cref="IOException">It was too slow, or the disk failed.</exception>
    /// <exception cref="OperationCanceledException">The agent ends.</exception>
    public void Run()
    {
        socket.Blocking = false;
        var (began, have, end) = (time.GetTimestamp(), 0, -1);
        while (end < 0 && have < ShareRequest.MaxBytes)
        {
            var read = Receive(have, ShareRequest.MaxBytes - have, began, RequestPatience);
            if (read == 0)
            {
                return;
            }

            have += read;
            end = ShareRequest.EndOf(_block.AsSpan(0, have));
        }

        var request = end < 0 ? null : ShareRequest.Parse(_block.AsSpan(0, end));
        if (request is { Status: 200 })
        {
            Answer(request);
        }
        else
        {
            Send(ShareAnswer.Error(request is null ? 431 : request.Status));
        }

        // Closing with something unread would take back what was sent (RFC 9112, 9.6).
        socket.Shutdown(SocketShutdown.Send);
        began = time.GetTimestamp();
        for (have = 0; have < MostDrained;)
        {
            var read = Receive(0, BlockBytes, began, FarewellPatience);
            if (read == 0)
            {
                return;
            }

            have += read;
        }
    }

    private void Answer(ShareRequest request)
    {
        using var file = artifacts.Open(request.Sha256, out var length);
        if (file is null)
        {
            Send(ShareAnswer.Error(404));
        }
        else if (!request.TryPlace(length, out var offset, out var count))
        {
            Send(ShareAnswer.NoSuchRange(length));
        }
        else if (request.IsHead)
        {
            Send(ShareAnswer.Content(0, length, length, isPart: false));
        }
        else if (!slots.TryTake())
        {
            Send(ShareAnswer.Error(503));
        }
        else
        {
            try
            {
                Send(ShareAnswer.Content(offset, count, length, request.From.HasValue));
                SendFile(file, offset, count);
            }
            finally
            {
                slots.Release();
            }
        }
    }

    private void SendFile(SafeFileHandle file, long offset, long count)
    {
        while (count > 0)
        {
            var read = RandomAccess.Read(file, _block.AsSpan(0, (int)Math.Min(BlockBytes, count)), offset);
            if (read == 0)
            {
                throw new IOException("an artifact that is shared has become shorter");
            }

            while (slots.Reserve(read) is { Ticks: > 0 } wait)
            {
                ct.WaitHandle.WaitOne((int)Math.Clamp(wait.TotalMilliseconds, 1, StepMilliseconds));
                ct.ThrowIfCancellationRequested();
            }

            Send(_block.AsSpan(0, read));
            slots.Give(read);
            (offset, count) = (offset + read, count - read);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var began = time.GetTimestamp();
        while (bytes.Length > 0)
        {
            var sent = socket.Send(bytes, SocketFlags.None, out var error);
            bytes = bytes[(error == SocketError.Success ? sent : 0)..];
            Await(SelectMode.SelectWrite, error, began, BlockPatience);
        }
    }

    private int Receive(int offset, int count, long began, TimeSpan patience)
    {
        while (true)
        {
            var read = socket.Receive(_block.AsSpan(offset, count), SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                return read;
            }

            Await(SelectMode.SelectRead, error, began, patience);
        }
    }

    private void Await(SelectMode mode, SocketError error, long began, TimeSpan patience)
    {
        ct.ThrowIfCancellationRequested();
        if (error == SocketError.Success)
        {
            return;
        }

        if (error != SocketError.WouldBlock)
        {
            throw new IOException("the neighbour went away");
        }

        if (time.GetElapsedTime(began) > patience)
        {
            throw new IOException("the neighbour is too slow");
        }

        socket.Poll(StepMilliseconds * 1000, mode);
    }
}
