using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Helper;
using Messaging.Agent.Local;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Shell.Login;

/// <summary>Serves the one shell of one connection. Who asks may be anybody, and say anything.</summary>
/// <param name="readPolicy">What may be done, now.</param>
/// <param name="users">Who may ask, by their ids.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Each shell is written there.</param>
internal sealed partial class LoginServer(Func<HelperPolicy> readPolicy, IReadOnlyList<uint> users, TimeProvider time, ILogger<LoginServer> logger)
{
    /// <summary>The agent says what it wants when it connects.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] LoginPrograms = ["/usr/sbin/runuser", "/sbin/runuser", "/usr/bin/su", "/bin/su"];

    /// <summary>Returns when the shell has ended or whoever sat at it has gone.</summary>
    /// <exception cref="OperationCanceledException">The helper is stopped; the shell is hung up.</exception>
    public async Task ServeAsync(Socket connection, CancellationToken ct)
    {
        var peer = PeerCredentials.Of(connection);
        using var stream = new NetworkStream(connection, ownsSocket: true);
        if (!users.Contains(peer.UserId))
        {
            LogStranger(peer.UserId, peer.ProcessId);
            await RefuseAsync(stream, $"the helper is for the agent, and not for the user {peer.UserId}.");
            return;
        }

        if (await FirstAsync(stream, ct) is not { Kind: LoginFrameKind.Open, Body: var body } || !LoginFrame.TryReadOpen(body, out var size, out var type))
        {
            LogMalformed(peer.UserId, peer.ProcessId);
            await RefuseAsync(stream, "this is no request that the helper understands.");
            return;
        }

        Terminal? terminal = null;
        TerminalPump pump;
        var changed = new Changes();
        try
        {
            var user = Allowed();
            terminal = Terminal.Open(size);
            var program = Start(terminal, user, type);
            pump = new TerminalPump(terminal, program, changed.Set);
            LogOpened(user, program.ProcessId);
        }
        catch (Exception e) when (e is HelperPolicyException or IOException)
        {
            terminal?.Dispose();
            LogRefused(e.Message);
            await RefuseAsync(stream, e.Message);
            return;
        }

        await ServeAsync(stream, terminal, pump, changed, ct);
    }

    /// <summary>The user whose shells root allows.</summary>
    private string Allowed()
    {
        var policy = readPolicy();
        return policy.Shell.Length > 0
            ? policy.Shell
            : throw new HelperPolicyException($"{policy.File} allows none outside: as root, write Shell = NAME there, under [Helper], with the user that shells are to run as.");
    }

    /// <summary>A login of that user, with its groups and limits and what PAM sets up; of this very user, its login shell.</summary>
    private static ChildProgram Start(Terminal terminal, string user, string type)
    {
        var id = AccountIds.OfUser(user) ?? throw new IOException($"there is no user {user} on this machine.");
        if (id == TerminalNative.UserId())
        {
            var account = ShellAccount.Of(id);
            return ProgramStart.OnTerminal(
                terminal.Path, account.Shell, ["-" + Path.GetFileName(account.Shell)], account.Home, ShellEnvironment.Of(account, type));
        }

        var program = Array.Find(LoginPrograms, File.Exists) ?? throw new IOException("this machine has neither runuser nor su.");
        return ProgramStart.OnTerminal(terminal.Path, program, [Path.GetFileName(program), "-l", user], "/", ShellEnvironment.WithoutAccount(type));
    }

    private static async Task RefuseAsync(NetworkStream stream, string why)
    {
        try
        {
            await stream.WriteAsync(LoginFrame.Write(LoginFrameKind.Refused, Encoding.UTF8.GetBytes(why)), CancellationToken.None);
        }
        catch (IOException)
        {
            // Nobody is there to hear it; the journal has it.
        }
    }

    private static async Task ReadAsync(NetworkStream stream, Terminal terminal, TerminalPump pump, Signal written, CancellationToken ct)
    {
        while (await LoginFrame.ReadAsync(stream, ct) is var (kind, body))
        {
            if (kind == LoginFrameKind.Resize && LoginFrame.TryReadSize(body, out var size))
            {
                terminal.Resize(size);
            }
            else if (kind == LoginFrameKind.Data && body.Length > 0)
            {
                // The next one is read when the terminal has taken this one.
                pump.Write(body);
                while (pump.TakeWritten() == 0)
                {
                    await written.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                }
            }
        }
    }

    private static async Task WriteAsync(NetworkStream stream, TerminalPump pump, Signal output, CancellationToken ct)
    {
        while (true)
        {
            if (pump.Read() is { IsEmpty: false } bytes)
            {
                await stream.WriteAsync(LoginFrame.Write(LoginFrameKind.Data, bytes.Span), ct);
            }
            else if (pump.ExitCode is { } code)
            {
                await stream.WriteAsync(LoginFrame.Write(LoginFrameKind.End, [(byte)code]), ct);
                return;
            }
            else
            {
                await output.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
        }
    }

    private async Task<(LoginFrameKind Kind, byte[] Body)?> FirstAsync(NetworkStream stream, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await LoginFrame.ReadAsync(stream, either.Token);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task ServeAsync(NetworkStream stream, Terminal terminal, TerminalPump pump, Changes changed, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await stream.WriteAsync(LoginFrame.Write(LoginFrameKind.Opened, []), ct);
            var reading = ReadAsync(stream, terminal, pump, changed.Written, ended.Token);
            var writing = WriteAsync(stream, pump, changed.Output, ended.Token);
            await Task.WhenAny(reading, writing);
            await ended.CancelAsync();
            await Task.WhenAll(reading, writing);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Whoever sat at it has gone.
        }
        finally
        {
            pump.Dispose();
            LogEnded();
        }
    }

    [LoggerMessage(EventId = 3210, Level = LogLevel.Information, Message = "Opened a shell as {User}, process {Process}")]
    private partial void LogOpened(string user, int process);

    [LoggerMessage(EventId = 3211, Level = LogLevel.Information, Message = "The shell is over")]
    private partial void LogEnded();

    [LoggerMessage(EventId = 3212, Level = LogLevel.Warning, Message = "No shell was opened: {Why}")]
    private partial void LogRefused(string why);

    [LoggerMessage(EventId = 3213, Level = LogLevel.Warning, Message = "User {User}, process {Process}, asked for a shell and is not the agent: refused")]
    private partial void LogStranger(uint user, int process);

    [LoggerMessage(EventId = 3214, Level = LogLevel.Warning, Message = "User {User}, process {Process}, sent what is no request: refused")]
    private partial void LogMalformed(uint user, int process);

    /// <summary>What the terminal's thread says reaches both that wait for it.</summary>
    private sealed class Changes
    {
        public Signal Written { get; } = new();

        public Signal Output { get; } = new();

        public void Set()
        {
            Written.Set();
            Output.Set();
        }
    }
}
