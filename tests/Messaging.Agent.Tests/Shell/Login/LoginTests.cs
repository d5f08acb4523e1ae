using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Helper;
using Messaging.Agent.Shell.Login;
using Messaging.Agent.Tests.Support;
using Messaging.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Shell.Login;

/// <summary>The agent asks for a shell, the built program opens it: as systemd does, systemd-socket-activate starts it for each connection.</summary>
public sealed class LoginTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TerminalSize Size = new(80, 24);
    private readonly TemporaryFolder _folder = new();
    private Process? _activator;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Socket => _folder.File("shell.sock");

    public void Dispose()
    {
        _activator?.Kill();
        _activator?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Shell_OfTheHelper_IsTypedIntoResizedAndEndsWithItsExitCode()
    {
        Allow($"Shell = {Environment.UserName}");
        using var desk = await OpenAsync();

        desk.Type("echo answer=$((6*7)) $TERM $LOGNAME; stty size\n");
        await desk.Shows($"answer=42 vt220 {Environment.UserName}");
        await desk.Shows("24 80");
        desk.Body.Take(new SessionMessage(SessionMessageKind.Resize, new TerminalSize(133, 44).Encode()));
        desk.Type("stty size\n");
        await desk.Shows("44 133");

        // More than any buffer between them has: the program waits, and nothing is lost.
        desk.Type("yes | head -c 3000000 | wc -c; exit 7\n");
        await desk.Shows("3000000");
        Assert.Equal((SessionEndReason.Done, 7), ((await desk.Ended()).Reason, desk.Body.End!.ExitCode));
    }

    [Fact]
    public async Task Shell_WhoseSessionIsOver_IsHungUp()
    {
        Allow($"Shell = {Environment.UserName}");
        using var desk = await OpenAsync();
        var mark = _folder.File("mark");
        desk.Type($"trap 'echo hung > {mark}; exit' HUP; echo ready=$((40+2)); while sleep 0.1; do :; done\n");
        await desk.Shows("ready=42");

        desk.Dispose();

        await Eventually.True(() => File.Exists(mark), "the shell is hung up");
    }

    [Fact]
    public async Task Shell_AsAnotherUser_IsALoginOfThatUser()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root may log others in.");
        Allow("Shell = nobody");
        using var desk = await OpenAsync();

        // Debian's nobody has a shell that lets nobody in, and says so.
        await desk.Shows("This account is currently not available.");
        Assert.Equal(1, (await desk.Ended()).ExitCode);
    }

    [Theory]
    [InlineData("Reboot = no", "allows none outside: as root, write Shell = NAME there")]
    [InlineData("Shell = nosuchuser", "there is no user nosuchuser")]
    [InlineData("Shell = -oops", "is not understood")]
    [InlineData("Shell = a b", "is not understood")]
    public async Task Shell_ThatIsNotAllowed_IsRefusedWithWhatToDo(string line, string why)
    {
        Allow(line);
        await StartAsync();

        var (login, said) = await new LoginClient(Socket, TimeProvider.System).OpenAsync(Size, "vt220", Ct);

        Assert.Null(login);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_WithoutAHelper_SaysNothing()
    {
        Assert.Equal((null, null), await new LoginClient(Socket, TimeProvider.System).OpenAsync(Size, "vt220", Ct));
        Assert.Equal((null, null), await new LoginClient("", TimeProvider.System).OpenAsync(Size, "vt220", Ct));
    }

    [Fact]
    public async Task Shell_OfAHelperThatEndsOrIsSilent_IsUnusable()
    {
        using var listener = Listen();
        var opening = new LoginClient(Socket, TimeProvider.System).OpenAsync(Size, "vt220", Ct);
        (await listener.AcceptAsync(Ct)).Dispose();
        Assert.Contains("cannot be used", (await opening).Why, StringComparison.Ordinal);

        opening = new LoginClient(Socket, new FastTime(100)).OpenAsync(Size, "vt220", Ct);
        using var silent = await listener.AcceptAsync(Ct);
        Assert.Contains("it does not answer", (await opening).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_OfAHelperThatGoes_EndsTheSession()
    {
        using var listener = Listen();
        var opening = new LoginClient(Socket, TimeProvider.System).OpenAsync(Size, "vt220", Ct);
        var helper = await listener.AcceptAsync(Ct);
        await helper.SendAsync(LoginFrame.Write(LoginFrameKind.Opened, []), SocketFlags.None, Ct);
        await helper.SendAsync(LoginFrame.Write(LoginFrameKind.Data, "last words"u8), SocketFlags.None, Ct);
        using var desk = new Desk(new LoginBody((await opening).Login!));

        helper.Dispose();

        // What came before is shown before.
        await desk.Shows("last words");
        Assert.Equal(SessionEndReason.Failed, (await desk.Ended()).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0001")]
    [InlineData("\u0001\u0000\u0004\u0000\u0050\u0000\u0018")]
    [InlineData("\u0001\u0000\u0009\u0000\u0050\u0000\u0018bad t")]
    [InlineData("\u0002\u0000\u0001x")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public async Task Serve_OfWhatIsNoRequest_IsRefused(string sent)
    {
        Allow($"Shell = {Environment.UserName}");

        var answer = await ServeAsync([FileOwner.OfThisProcess()], Encoding.Latin1.GetBytes(sent));

        Assert.Equal((LoginFrameKind.Refused, "this is no request that the helper understands."), answer);
    }

    [Fact]
    public async Task Serve_OfAStranger_IsRefusedUnread()
    {
        Allow($"Shell = {Environment.UserName}");

        var (kind, why) = await ServeAsync([FileOwner.OfThisProcess() + 1], []);

        Assert.Equal(LoginFrameKind.Refused, kind);
        Assert.StartsWith("the helper is for the agent", why, StringComparison.Ordinal);
    }

    private async Task<(LoginFrameKind Kind, string Text)> ServeAsync(uint[] users, byte[] sent)
    {
        using var listener = Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Socket), Ct);
        await using var stream = new NetworkStream(client);
        var server = new LoginServer(
            () => HelperPolicyFile.Read(_folder.File("helper.conf"), FileOwner.OfThisProcess()), users, new FastTime(20), NullLogger<LoginServer>.Instance);
        await client.SendAsync(sent, SocketFlags.None, Ct);
        client.Shutdown(SocketShutdown.Send);
        await server.ServeAsync(await listener.AcceptAsync(Ct), Ct).WaitAsync(Long, Ct);
        var (kind, body) = (await LoginFrame.ReadAsync(stream, Ct))!.Value;
        return (kind, Encoding.UTF8.GetString(body));
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen(2);
        return listener;
    }

    private void Allow(string line)
    {
        var path = _folder.Write("helper.conf", $"[Helper]\n{line}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task<Desk> OpenAsync()
    {
        await StartAsync();
        var (login, why) = await new LoginClient(Socket, TimeProvider.System).OpenAsync(Size, "vt220", Ct);
        return new Desk(new LoginBody(login ?? throw new InvalidOperationException(why)));
    }

    private async Task StartAsync()
    {
        _activator = Process.Start(new ProcessStartInfo(
            Tool.Require("/usr/bin/systemd-socket-activate", "systemd"),
            [
                "--accept", $"--listen={Socket}",
                Path.Combine(AppContext.BaseDirectory, "messaging-agent"), "login", "--policy", _folder.File("helper.conf"), "--user", Environment.UserName,
            ])
        { UseShellExecute = false, RedirectStandardError = true })!;

        // The socket's file is there before anybody listens.
        var listening = new TaskCompletionSource();
        _activator.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.StartsWith("Listening on", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        };
        _activator.BeginErrorReadLine();
        await listening.Task.WaitAsync(Long, Ct);
    }
}
