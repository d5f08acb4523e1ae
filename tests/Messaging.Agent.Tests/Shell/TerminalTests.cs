using System.Diagnostics;
using System.Text;
using Messaging.Agent.Shell;
using Messaging.Agent.Tests.Support;
using Messaging.Sessions;

namespace Messaging.Agent.Tests.Shell;

public sealed class TerminalTests
{
    [Fact]
    public async Task Shell_ThatIsTypedInto_AnswersAndEndsWithItsExitCode()
    {
        using var desk = Desk.At("/bin/sh");

        desk.Type("echo answer=$((6*7)); tty; exit 3\n");
        await desk.Shows("answer=42");
        await desk.Shows("/dev/pts/");

        Assert.Equal(3, (await desk.Ended()).ExitCode);
        Assert.False(File.Exists($"/proc/{desk.ProcessId}"));
    }

    [Fact]
    public async Task Shell_HasATerminalOfItsOwn_WithJobsAndSignals()
    {
        using var desk = Desk.At("/bin/sh");

        // Ctrl+C ends what runs in the foreground, and not the shell: that takes a controlling terminal and default handlers.
        // A shell that is still starting would be ended by it.
        desk.Type("echo begun=$((40+1))\n");
        await desk.Shows("begun=41");
        // What is typed is shown before it runs: the program itself says that it is there.
        desk.Type("sh -c 'echo up=$((40+4)); exec sleep 1000'; echo after=$((40+2))\n");
        await desk.Shows("up=44");
        desk.Type("\u0003");
        desk.Type("echo $((40+3))=still\n");
        await desk.Shows("43=still");
        desk.Type("cat /proc/self/status | grep -E 'SigIgn|SigBlk'; echo read\n");
        await desk.Shows("\nread");

        Assert.Contains("SigBlk:\t0000000000000000", desk.Shown, StringComparison.Ordinal);

        // The C library itself keeps 32 and 33 to itself.
        var ignored = desk.Shown[(desk.Shown.LastIndexOf("SigIgn:", StringComparison.Ordinal) + "SigIgn:\t".Length)..][..16];
        Assert.Equal(0UL, Convert.ToUInt64(ignored, 16) & ~0x1_8000_0000UL);
    }

    [Fact]
    public async Task Shell_GetsNothingThatTheAgentHasOpen()
    {
        using var folder = new TemporaryFolder();
        await using var secret = File.Open(folder.File("secret"), FileMode.Create);
        using var desk = Desk.At("/bin/sh");

        desk.Type("ls /proc/self/fd | wc -l; echo counted; env; echo environment\n");
        await desk.Shows("\nenvironment");

        // Its three, and the folder that ls reads. What was typed before the shell was there stands before its prompt.
        Assert.Matches("[^0-9]4\r\ncounted", desk.Shown);
        Assert.DoesNotContain("DOTNET", desk.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resize_ReachesTheProgramOnIt()
    {
        using var desk = Desk.At("/bin/sh");
        desk.Type("stty size\n");
        await desk.Shows("24 80");

        desk.Body.Take(new SessionMessage(SessionMessageKind.Resize, new TerminalSize(133, 44).Encode()));
        desk.Type("stty size\n");

        await desk.Shows("44 133");
    }

    [Fact]
    public async Task Shell_ThatWritesWithoutEnd_WaitsForWhoReads()
    {
        using var desk = Desk.At("/bin/sh");
        desk.Type("yes\n");
        await desk.Shows("y\r\ny\r\n");

        // Nobody reads: no more than one piece is taken from it, and it stops.
        var processor = Processor(desk.ProcessId);
        await Eventually.True(
            () =>
            {
                var now = Processor(desk.ProcessId);
                var rests = now == processor;
                processor = now;
                return rests;
            },
            "the program waits");
        Assert.Null(desk.Body.End);
    }

    [Fact]
    public async Task Dispose_EndsTheShellAndWhatItStarted_EvenWhatIgnoresIt()
    {
        var desk = Desk.At("/bin/sh");
        desk.Type("trap '' HUP TERM; echo ready=$((40+2)); while :; do sleep 1; done\n");
        await desk.Shows("ready=42");

        var began = Stopwatch.GetTimestamp();
        desk.Dispose();

        Assert.False(File.Exists($"/proc/{desk.ProcessId}"));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void OnTerminal_OfWhatIsNoProgram_SaysSo()
    {
        using var terminal = Terminal.Open(new TerminalSize(80, 24));

        var failure = Assert.Throws<IOException>(() => ProgramStart.OnTerminal(terminal.Path, "/no/such/shell", ["-sh"], "/", []));

        Assert.Contains("/no/such/shell cannot be started", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messaging-agent:x:998:998::/var/lib/messaging-agent:/usr/sbin/nologin", "", "/bin/bash")]
    [InlineData("pi:x:998:998:,,,:/home/pi:/bin/zsh", "", "/bin/zsh")]
    [InlineData("pi:x:998:998:,,,:/home/pi:/bin/zsh", "/bin/dash", "/bin/dash")]
    [InlineData("pi:x:998:998:,,,:/home/pi:", "", "/bin/bash")]
    [InlineData("somebody:x:1:1::/:/bin/zsh", "", "/bin/bash")]
    [InlineData("nonsense", "", "/bin/bash")]
    public void Account_OfAUser_HasAShellThatLetsIn(string line, string configured, string shell) =>
        Assert.Equal(shell, ShellAccount.Parse([line], 998, configured, static _ => true).Shell);

    private static string Processor(int process) =>
        string.Join(' ', Children(process).Append(process).Select(static id => File.Exists($"/proc/{id}/stat") ? File.ReadAllText($"/proc/{id}/stat").Split(' ')[13] : ""));

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
}
