using Messaging.Agent.Logs;

namespace Messaging.Agent.Tests.Logs;

public sealed class SeverityGuessTests
{
    [Theory]
    [InlineData("2030-01-01T00:00:00Z ERROR disk is full", 17)]
    [InlineData("2030-01-01 00:00:00,123 [main] WARN  c.e.App - careful", 13)]
    [InlineData("Jan  1 00:00:00 host app[1]: CRITICAL: it burns", 18)]
    [InlineData("[error] 12#12: connect() failed", 17)]
    [InlineData("[notice] 1#1: start worker", 10)]
    [InlineData("INFO:root:hello", 0)]
    [InlineData("INFO: hello", 9)]
    [InlineData("|DEBUG| hello", 5)]
    [InlineData("time=2030 level=warning msg=\"slow\"", 13)]
    [InlineData("{\"ts\":1,\"level\":\"error\",\"msg\":\"x\"}", 17)]
    [InlineData("{\"severity\": \"FATAL\"}", 21)]
    [InlineData("TRACE entering", 1)]
    [InlineData("PANIC now", 21)]
    public void Of_StatedSeverity_IsRead(string line, int severity) => Assert.Equal(severity, SeverityGuess.Of(line));

    [Theory]
    [InlineData("")]
    [InlineData("an error occurred while warning you")]
    [InlineData("no errors")]
    [InlineData("one two three four five six ERROR")]
    [InlineData("toplevel=error")]
    [InlineData("level=9000")]
    [InlineData("level=")]
    [InlineData("ERRORS 0")]
    [InlineData("INFORMATION desk")]
    public void Of_AnythingElse_IsUnspecified(string line) => Assert.Equal(0, SeverityGuess.Of(line));
}
