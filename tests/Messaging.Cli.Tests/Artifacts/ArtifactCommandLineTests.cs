using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Artifacts;

/// <summary>What is wrong on the command line is said before any server is asked.</summary>
public sealed class ArtifactCommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--version 1.4", "--version 1.4: write it as 1.4.0")]
    [InlineData("--version 1.4.0", "no executable for a platform of the agent")]
    [InlineData("--version 1.4.0 --kind tree", "Give --name NAME")]
    [InlineData("--version 1.4.0 --kind Tree --name a", "--kind Tree")]
    [InlineData("--version 1.4.0 --kind tree --name A", "--name A")]
    [InlineData("--version 1.4.0 --kind tree --name a --hardware A", "--hardware A")]
    [InlineData("--version 1.4.0 --kind tree --name a --requires b", "--requires b: write it as NAME>=VERSION")]
    [InlineData("--version 1.4.0 --kind tree --name a --requires b>=1", "--requires 1")]
    [InlineData("--version 1.4.0 --kind tree --name a --param B=1", "--param B=1")]
    [InlineData("--version 1.4.0 --kind tree --name a --health-http ftp://x", "--health-http ftp://x")]
    [InlineData("--version 1.4.0 --kind tree --name a --health-tcp x", "--health-tcp x")]
    [InlineData("--version 1.4.0 --kind tree --name a --health-seconds 600", "--health-deadline")]
    [InlineData("--version 1.4.0 --kind tree --name a --expires never", "always has an end")]
    public async Task Add_OfWhatNoDeviceWouldTake_SaysWhatIsWrong(string options, string expected)
    {
        var file = _folder.Write("file", "content");

        Assert.Equal(ExitCodes.Usage, await RunAsync(["artifact", "add", file, .. options.Split(' ')]));

        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Add_OfNoFile_SaysSo()
    {
        Assert.Equal(ExitCodes.Usage, await RunAsync("artifact", "add", _folder.File("none"), "--version", "1.0.0"));
        Assert.Contains("There is no file", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesEveryVerbWithAnExample()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("artifact", "--help"));

        var help = _output.ToString();
        Assert.All(
            ["init", "add", "list", "show", "sign", "publish", "remove", "discard", "renew", "root", "prune", "mirror"],
            verb => Assert.Contains($"fleetctl artifact {verb}", help, StringComparison.Ordinal));
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, _output, _error);
}
