using System.Diagnostics;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Interop;

/// <summary>An MQTT 3.1.1 client that nobody here wrote: Mosquitto's, with the signed token as its password.</summary>
public sealed class MosquittoTests
{
    [Fact]
    public async Task Publish_WithAToken_ReachesControl()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);

        var (exitCode, output) = await RunAsync("mosquitto_pub", host, device, "-t", Topics.Up(device.Id), "-m", "sealed", "-q", "1");

        Assert.True(exitCode == 0, output);
        Assert.Equal("sealed"u8.ToArray(), (await control.ReceiveAsync(Topics.Up(device.Id))).Payload);
    }

    [Fact]
    public async Task Subscribe_WithAToken_HearsItsDownlink()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);

        var running = RunAsync("mosquitto_sub", host, device, "-t", Topics.Down(device.Id), "-q", "1", "-C", "1", "-W", "15");
        await Wait.ForAsync(
            async () => await control.Client.PublishAsync(Topics.Down(device.Id), "hello"u8.ToArray()) == MQTTnet.MqttClientPublishReasonCode.Success,
            "mosquitto_sub is subscribed");

        var (exitCode, output) = await running;
        Assert.True(exitCode == 0, output);
        Assert.Equal("hello", output.Trim());
    }

    [Fact]
    public async Task Subscribe_ToEverything_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);

        var (_, output) = await RunAsync("mosquitto_sub", host, device, "-t", "#", "-C", "1", "-W", "10");

        Assert.Contains("denied", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Publish_OfAnUnknownDevice_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        await host.ConnectControlAsync();
        var stranger = host.NewPrincipal();

        var (exitCode, output) = await RunAsync("mosquitto_pub", host, stranger, "-t", Topics.Up(stranger.Id), "-m", "x", "-q", "1");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("not authori", output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, RelayHost host, Principal device, params string[] arguments)
    {
        Assert.True(File.Exists($"/usr/bin/{program}"), $"{program} is missing: install Debian's package mosquitto-clients.");
        using var client = new RelayClient(host, device);
        string[] common = ["-h", "127.0.0.1", "-p", $"{host.Port}", "-V", "311", "-i", device.Name, "-u", device.Name, "-P", client.CreateToken()];
        using var process = Process.Start(new ProcessStartInfo(program, [.. common, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Wait.Timeout);
        var errors = process.StandardError.ReadToEndAsync(Wait.Timeout);
        try
        {
            await process.WaitForExitAsync(Wait.Timeout);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, await output + await errors);
    }
}
