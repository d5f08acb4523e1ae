using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;

namespace Messaging.Relay.Tests.Authentication;

/// <summary>MQTT 3.1.1: a signed token as password.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task Connect_WithAFreshToken_Succeeds()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);

        Assert.Equal(MqttClientConnectResultCode.Success, (await host.NewClient(device).ConnectVersion3Async()).ResultCode);
    }

    [Fact]
    public async Task Connect_BeforeTheFirstDirectory_IsUnavailable()
    {
        await using var host = await RelayHost.StartAsync();

        Assert.Equal(MqttClientConnectResultCode.ServerUnavailable, await ConnectAsync(host.NewClient(host.NewPrincipal())));
    }

    [Fact]
    public async Task Connect_WithAUsedToken_IsRefused_AndTheFirstUserStays()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var first = host.NewClient(device);
        var token = first.CreateToken();
        await first.ConnectVersion3Async(token);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(host.NewClient(device), token));
        await first.PingAsync();
        Assert.Equal(1, host.Count("tokensReplayed"));
    }

    [Theory]
    [InlineData(-RelayToken.ToleranceSeconds - 5)]
    [InlineData(RelayToken.ToleranceSeconds + 5)]
    public async Task Connect_WithATokenOfAnotherTime_IsRefused(int seconds)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = host.NewClient(device);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(client, client.CreateToken(TimeSpan.FromSeconds(seconds))));
    }

    [Fact]
    public async Task Connect_WithATokenFromBeforeTheRelayStarted_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = host.NewClient(device);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(client, client.CreateToken(TimeSpan.FromSeconds(-100))));
    }

    [Fact]
    public async Task Connect_WithSomebodyElsesToken_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var other = host.NewPrincipal();
        await host.ConnectControlAsync(device, other);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(host.NewClient(device), host.NewClient(other).CreateToken()));
    }

    [Fact]
    public async Task Connect_WithATokenOfAnotherKey_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        device.Rotate();

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(host.NewClient(device)));
    }

    [Fact]
    public async Task Connect_OverTlsWithATokenForAnotherCertificate_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = "tls";

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(client, client.CreateToken(spkiHash: new byte[32])));
    }

    [Fact]
    public async Task Connect_OverTlsWithATokenForNoCertificate_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = "tls";

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(client, client.CreateToken()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("hEOhASag")]
    public async Task Connect_WithAnythingElseAsPassword_IsRefused(string password)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(host.NewClient(device), password));
    }

    [Fact]
    public async Task Connect_RevokedDevice_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(host.NewClient(device)));
    }

    private static async Task<MqttClientConnectResultCode> ConnectAsync(RelayClient client, string? token = null) =>
        (await client.ConnectVersion3Async(token)).ResultCode;
}
