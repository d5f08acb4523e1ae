using System.Net.Sockets;
using System.Runtime.Versioning;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class UnixSocketTests
{
    [Fact]
    public async Task Start_MakesASocketForItsOwnerAlone()
    {
        await using var host = await RelayHost.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.UnixPath));
    }

    [Fact]
    public async Task Start_OverTheSocketOfAKilledProcess_ReplacesIt()
    {
        var folder = Directory.CreateTempSubdirectory("relay-test-");
        var path = Path.Combine(folder.FullName, "relay.sock");
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET removes the file that it bound when it disposes; a kill leaves it, as does a new name.
            killed.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
            File.Move(path + ".bound", path);
        }

        await using var host = await RelayHost.StartAsync(options => options with { UnixSocketPath = path });

        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = "unix";
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.Success, (await client.ConnectAsync()).ResultCode);
    }

    [Fact]
    public async Task Start_OverAFileWithContent_FailsAndLeavesItAlone()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "not a socket", TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<IOException>(() => RelayHost.StartAsync(options => options with { UnixSocketPath = path }));

        Assert.Equal("not a socket", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        File.Delete(path);
    }

    [Fact]
    public async Task Start_WhileAnotherListens_FailsAndLeavesItAlone()
    {
        await using var first = await RelayHost.StartAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => RelayHost.StartAsync(options => options with { UnixSocketPath = first.UnixPath }));

        Assert.True(File.Exists(first.UnixPath));
    }
}
