using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Status;
using Messaging.Agent.Twin;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Local;

/// <summary>The socket of the device's own programs.</summary>
internal sealed partial class LocalServer(
    LocalBatcher batcher, AppCalls calls, AppValues values, AgentOptions options, TimeProvider time, ILogger<LocalServer> logger, FileInbox? files = null)
    : IStatusPart, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private readonly SemaphoreSlim _free = new(options.Local.MaxConnections, options.Local.MaxConnections);
    private string? _problem;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var listener = Listen();
                _problem = null;
                await AcceptAsync(listener, ct);
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                if (_problem is null)
                {
                    LogNoSocket(e, options.Local.Socket);
                }

                _problem = e.Message;
                await Task.Delay(RetryInterval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Ordered.
            }
        }

        Task[] left;
        lock (_gate)
        {
            left = [.. _connections];
        }

        await Task.WhenAll(left);
    }

    public void Contribute(StatusBuilder status)
    {
        if (_problem is { } problem)
        {
            status.Problems.Add(new StatusProblem(
                "local socket", $"{options.Local.Socket} cannot be made: {problem}", "The unit's RuntimeDirectory must be there, and Local:Group must exist; it is tried again by itself.", null));
        }
    }

    public void Dispose() => _free.Dispose();

    private Socket Listen()
    {
        var path = options.Local.Socket;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A file that is left is a dead agent's.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (options.Local.Group.Length > 0 && ChangeOwner(path, uint.MaxValue, GroupId(options.Local.Group)) != 0)
            {
                throw new IOException($"its group cannot be {options.Local.Group}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }

            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(options.Local.Mode, 8));
            listener.Listen(options.Local.MaxConnections);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                // Beyond the limit programs wait to be taken.
                await _free.WaitAsync(ct);
                var client = await TakeAsync(listener, ct);
                var task = ServeAsync(client, ct);
                lock (_gate)
                {
                    _connections.RemoveWhere(done => done.IsCompleted);
                    _connections.Add(task);
                }
            }
        }
        finally
        {
            File.Delete(options.Local.Socket);
        }
    }

    private async Task<Socket> TakeAsync(Socket listener, CancellationToken ct)
    {
        try
        {
            return await listener.AcceptAsync(ct);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken ct)
    {
        try
        {
            using var connection = new LocalConnection(client, PeerCredentials.Of(client), batcher, calls, values, files, options.Local, time);
            await connection.RunAsync(ct);
        }
        catch (SocketException e)
        {
            LogClientGone(e);
        }
        finally
        {
            _free.Release();
        }
    }

    private static uint GroupId(string group) =>
        uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : AccountIds.OfGroup(group) ?? throw new IOException($"there is no group {group}");

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LoggerMessage(EventId = 3080, Level = LogLevel.Warning, Message = "There is no local socket: {Path} cannot be made")]
    private partial void LogNoSocket(Exception exception, string path);

    [LoggerMessage(EventId = 3081, Level = LogLevel.Debug, Message = "A program went away before it was taken")]
    private partial void LogClientGone(Exception exception);
}
