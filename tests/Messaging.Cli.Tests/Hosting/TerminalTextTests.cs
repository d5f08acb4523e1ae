using Messaging.Cli.Hosting;

namespace Messaging.Cli.Tests.Hosting;

public sealed class TerminalTextTests
{
    [Fact]
    public void Line_ControlCharacters_DoNotReachTheTerminal()
    {
        Assert.Equal("a?[2Jb?c?", TerminalText.Line("a\u001b[2Jb\nc\u009b"));
        Assert.Equal("a?[2Jb\n\tc?", TerminalText.Lines("a\u001b[2Jb\n\tc\u009b"));
        Assert.Equal("plain ä 😀", TerminalText.Line("plain ä 😀"));
    }
}
