using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Tests.Hosting;
using Messaging.Enrolment;

namespace Messaging.Agent.Tests.Enrolment;

public sealed class EnrollCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-enrol-").FullName;

    private string State => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Enroll_WithAToken_KeepsKeysForTheOwnerAloneAndTheTokenNowhere()
    {
        await using var fleet = await FakeFleet.StartAsync();
        var token = fleet.Token();
        var file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, token + "\n", TestContext.Current.CancellationToken);

        var (code, output) = await AgentProcess.RunAsync(State, "enroll", "--token-file", file);

        Assert.True(code == 0, output);
        Assert.Contains("Enrolled as test-device", output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
        Assert.All(Directory.GetFiles(State), path => Assert.Equal(OwnerOnly, File.GetUnixFileMode(path)));
        Assert.All(Directory.GetFiles(State), path => Assert.False(File.ReadAllBytes(path).AsSpan().IndexOf(fleet.Secret) >= 0, path));
        var device = Assert.Single(fleet.Devices.Values);
        Assert.Contains(device.Facts, fact => fact.Key == "host.name");

        (code, output) = await AgentProcess.RunAsync(State, "enroll", token);
        Assert.Equal(1, code);
        Assert.Contains("already", output, StringComparison.Ordinal);
        Assert.Contains("--force", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_WithForce_MakesNewKeysAndKeepsTheOldOnes()
    {
        await using var fleet = await FakeFleet.StartAsync();
        await AgentProcess.RunAsync(State, "enroll", fleet.Token());

        var (code, output) = await AgentProcess.RunAsync(State, "enroll", fleet.Token(), "--force");

        Assert.True(code == 0, output);
        Assert.Equal(2, fleet.Devices.Count);
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(State, "before-*")), "keys")));
    }

    [Fact]
    public async Task Enroll_AtAServerOfAnotherFleet_SendsNothing()
    {
        await using var fleet = await FakeFleet.StartAsync();

        var (code, output) = await AgentProcess.RunAsync(State, "enroll", fleet.Token(RandomNumberGenerator.GetBytes(32)));

        Assert.Equal(1, code);
        Assert.Contains("another fingerprint", output, StringComparison.Ordinal);
        Assert.Empty(fleet.Devices);
    }

    [Fact]
    public async Task Enroll_OverTlsWithThePinnedCertificate_Works()
    {
        await using var fleet = await FakeFleet.StartAsync(tls: true);
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", fleet.Token());
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Enroll_OverTlsWithACertificateThatNobodyVouchesFor_SendsNothing()
    {
        await using var fleet = await FakeFleet.StartAsync(tls: true, wrongPin: true);

        var (code, output) = await AgentProcess.RunAsync(State, "enroll", fleet.Token(), "--wait", "0");

        Assert.Equal(69, code);
        Assert.Contains("certificate", output, StringComparison.Ordinal);
        Assert.Empty(fleet.Devices);
    }

    [Fact]
    public async Task Enroll_WhilePending_CanBeStoppedAndGoesOnWithTheSameKeys()
    {
        await using var fleet = await FakeFleet.StartAsync();
        fleet.Decision = EnrolStatus.Pending;
        await using (var waiting = new AgentProcess(State, "enroll", fleet.Token()))
        {
            await waiting.UntilOutputAsync("Waiting for an operator");
            waiting.Interrupt();
            Assert.Equal(130, await waiting.ExitAsync());
        }

        var keys = await File.ReadAllBytesAsync(Path.Combine(State, "keys"), TestContext.Current.CancellationToken);
        var id = (await AgentProcess.RunAsync(State, "run")).Code;
        Assert.Equal(78, id);
        await using var again = new AgentProcess(State, "enroll", fleet.Token());
        await again.UntilOutputAsync("Waiting for an operator");
        Assert.Equal(keys, await File.ReadAllBytesAsync(Path.Combine(State, "keys"), TestContext.Current.CancellationToken));
        fleet.Decision = EnrolStatus.Approved;
        Assert.Equal(0, await again.ExitAsync());
    }

    [Fact]
    public async Task Enroll_WithARefusedToken_SaysWhy()
    {
        await using var fleet = await FakeFleet.StartAsync();
        var token = new EnrolmentToken(new Uri(fleet.Url), fleet.Trust.Roots[0].Fingerprint.ToArray(), new byte[16], new byte[16]).Format();

        var (code, output) = await AgentProcess.RunAsync(State, "enroll", token);

        Assert.Equal(1, code);
        Assert.Contains("The token has expired.", output, StringComparison.Ordinal);
        Assert.Contains("With a new token (\"add a device\") run: messaging-agent enroll TOKEN", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mt1.broken", 64)]
    [InlineData("-", 64)]
    public async Task Enroll_WithoutAToken_SaysHow(string argument, int expected)
    {
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", argument);
        Assert.Equal(expected, code);
        Assert.Contains("mt1.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_WhenNobodyAnswersAndItMayNotWait_SaysWhatToCheck()
    {
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", Nobody(), "--wait", "0");

        Assert.Equal(69, code);
        Assert.Contains("Check the address", output, StringComparison.Ordinal);
        Assert.DoesNotContain("tried again", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_WhenNobodyAnswers_GoesOnForAsLongAsItMaySaysSoAndEnds()
    {
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", Nobody(), "--wait", "2s");

        Assert.Equal(69, code);
        // What is left of the two seconds depends on how long the first try took.
        Assert.Matches("It is tried again, for another [12]s; Ctrl[+]C ends it, and the same command goes on[.]", output);
        Assert.EndsWith("Check the address and the network.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "answers 503 instead of enrolling devices")]
    [InlineData(HttpStatusCode.BadGateway, "answers 502 instead of enrolling devices")]
    public async Task Enroll_WhileTheServerHasTrouble_GoesOnUntilItHasNot(HttpStatusCode trouble, string expected)
    {
        await using var fleet = await FakeFleet.StartAsync();
        fleet.Trouble = trouble;
        await using var agent = new AgentProcess(State, "enroll", fleet.Token());
        await agent.UntilOutputAsync(expected);
        fleet.Trouble = null;

        Assert.True(await agent.ExitAsync() == 0, agent.Output);
        Assert.Single(fleet.Devices);
    }

    [Fact]
    public async Task Enroll_StoppedWhileNobodyAnswers_KeepsTheKeysAndSaysHowToGoOn()
    {
        await using var agent = new AgentProcess(State, "enroll", Nobody(), "--wait", "forever");
        await agent.UntilOutputAsync("It is tried again until it works");
        agent.Interrupt();

        Assert.Equal(130, await agent.ExitAsync());
        Assert.Contains("run the same command again", agent.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(State, "keys")));
    }

    [Theory]
    [InlineData("enrolment-token")]
    [InlineData("messaging-agent.enrolment-token")]
    [InlineData("messaging-agent.enrolment-token.cred")]
    public async Task Enroll_WithASystemdCredential_NeedsNoToken(string name)
    {
        await using var fleet = await FakeFleet.StartAsync();
        var credentials = Directory.CreateDirectory(Path.Combine(_folder, "credentials")).FullName;
        await File.WriteAllTextAsync(Path.Combine(credentials, name), fleet.Token() + "\n", TestContext.Current.CancellationToken);

        await using var agent = new AgentProcess(State, new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = credentials }, "enroll");

        Assert.True(await agent.ExitAsync() == 0, agent.Output);
    }

    [Fact]
    public async Task Enroll_WithATokenFileThatIsNone_SaysWhy()
    {
        var large = Path.Combine(_folder, "large");
        await File.WriteAllBytesAsync(large, new byte[10_000], TestContext.Current.CancellationToken);

        var (missing, nothing) = await AgentProcess.RunAsync(State, "enroll", "--token-file", Path.Combine(_folder, "nothing"));
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", "--token-file", large);

        Assert.Equal((64, 64), (missing, code));
        Assert.Contains("The enrolment token cannot be read", nothing, StringComparison.Ordinal);
        Assert.Contains("holds more than an enrolment token", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public async Task Enroll_WithAWaitThatIsNoTime_SaysWhatIs()
    {
        var (code, output) = await AgentProcess.RunAsync(State, "enroll", Nobody(), "--wait", "soon");

        Assert.Equal(64, code);
        Assert.Contains("30s, 10m or 1d", output, StringComparison.Ordinal);
    }

    /// <summary>A token for a server at a port where nobody listens.</summary>
    private static string Nobody() => new EnrolmentToken(new Uri("http://127.0.0.1:9"), new byte[32], new byte[16], new byte[16]).Format();
}
