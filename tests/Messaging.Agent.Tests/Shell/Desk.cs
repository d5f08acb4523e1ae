using System.Text;
using Messaging.Agent.Sessions;
using Messaging.Agent.Shell;
using Messaging.Agent.Tests.Support;
using Messaging.Sessions;

namespace Messaging.Agent.Tests.Shell;

/// <summary>Somebody at a shell.</summary>
internal sealed class Desk(SessionBody body, int processId = 0) : IDisposable
{
    private readonly StringBuilder _shown = new();

    public int ProcessId { get; } = processId;

    public SessionBody Body { get; } = body;

    public string Shown => _shown.ToString();

    /// <summary>At a shell of this process.</summary>
    public static Desk At(string shell)
    {
        var terminal = Terminal.Open(new TerminalSize(80, 24));
        var program = ProgramStart.OnTerminal(terminal.Path, shell, ["sh"], "/", ["TERM=dumb", "PATH=/usr/bin:/bin", "PS1=$ "]);
        return new Desk(new ShellBody(terminal, program), program.ProcessId);
    }

    public void Type(string text) => Body.Take(new SessionMessage(SessionMessageKind.Data, Encoding.UTF8.GetBytes(text)));

    public Task Shows(string text) => Eventually.True(
        () =>
        {
            Read();
            return Shown.Contains(text, StringComparison.Ordinal);
        },
        $"the terminal shows {text}");

    public async Task<SessionEnd> Ended()
    {
        await Eventually.True(
            () =>
            {
                Read();
                return Body.End is not null;
            },
            "the shell ends");
        return Body.End!;
    }

    public void Dispose() => Body.Dispose();

    private void Read()
    {
        while (Body.NextToSend() is { } message)
        {
            _shown.Append(Encoding.UTF8.GetString(message.Body.Span));
        }

        while (Body.NextTaken() is not null)
        {
            // There is room for more.
        }
    }
}
