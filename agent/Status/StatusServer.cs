using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Configuration;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Status;

/// <summary>Answers on the status socket.</summary>
internal sealed partial class StatusServer(StatusReporter reporter, AgentOptions options, TimeProvider time, ILogger<StatusServer> logger)
{
    private const int Backlog = 64;

    /// <summary>unix(7): 108 bytes with the 0 at the end.</summary>
    private const int MaxPathBytes = 107;

    /// <summary>A disk that is full or only reads may take it later.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);
    private bool _told;

    /// <summary>Runs until cancelled. An agent whose socket cannot be made runs on without it, and tries again.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var path = StatusSocket.PathIn(options.Device.State);
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            LogPathTooLong(path, MaxPathBytes);
            return;
        }

        while (true)
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            if (TryListen(listener, path))
            {
                await ServeAsync(listener, path, ct);
            }

            await Task.Delay(RetryInterval, time, ct);
        }
    }

    private bool TryListen(Socket listener, string path)
    {
        try
        {
            // A file that is left is a dead agent's: the state folder has one agent at a time.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(Backlog);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            if (!_told)
            {
                LogNoSocket(e, path);
                _told = true;
            }

            return false;
        }
    }

    private async Task ServeAsync(Socket listener, string path, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(ct);
                await AnswerAsync(client, ct);
            }
        }
        finally
        {
            Remove(path);
        }
    }

    /// <summary>What cannot be removed now, the next start removes.</summary>
    private void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(e, path);
        }
    }

    /// <summary>One at a time: a client that does not read is dropped.</summary>
    private async Task AnswerAsync(Socket client, CancellationToken ct)
    {
        using (client)
        using (var deadline = new CancellationTokenSource(StatusSocket.Timeout, time))
        using (var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct))
        {
            try
            {
                var content = StatusJson.Write(reporter.Report());
                await using var stream = new NetworkStream(client);
                await stream.WriteAsync(content, both.Token);
                client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                LogClientGone(e);
            }
        }
    }

    [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "There is no status socket: {Path} is longer than {Limit} bytes; choose a shorter Device:State")]
    private partial void LogPathTooLong(string path, int limit);

    [LoggerMessage(EventId = 2200, Level = LogLevel.Warning, Message = "There is no status socket: {Path} cannot be made")]
    private partial void LogNoSocket(Exception exception, string path);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Debug, Message = "{Path} cannot be removed")]
    private partial void LogNotRemoved(Exception exception, string path);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Debug, Message = "A client of the status socket went away")]
    private partial void LogClientGone(Exception exception);
}
