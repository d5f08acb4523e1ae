using Messaging.Crypto;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Authentication;

/// <summary>MQTT 5: hello, challenge, signature.</summary>
public sealed class ChallengeTests
{
    [Fact]
    public async Task Connect_BeforeTheFirstDirectory_IsUnavailable()
    {
        await using var host = await RelayHost.StartAsync();

        Assert.Equal(MqttClientConnectResultCode.ServerUnavailable, (await host.NewClient(host.NewPrincipal()).ConnectAsync()).ResultCode);
        Assert.Equal(1, host.Count("connectsUnavailable"));
    }

    [Fact]
    public async Task Connect_UnknownDevice_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        await host.ConnectControlAsync(host.NewPrincipal());

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, (await host.NewClient(host.NewPrincipal()).ConnectAsync()).ResultCode);
        Assert.Equal(1, host.Count("authenticationsRefused"));
    }

    [Fact]
    public async Task Connect_RevokedDevice_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, (await host.NewClient(device).ConnectAsync()).ResultCode);
    }

    [Fact]
    public async Task Connect_WithAnotherKey_IsNotAuthorized_UntilTheDirectoryKnowsIt()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        device.Rotate();
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, (await host.NewClient(device).ConnectAsync()).ResultCode);

        await control.SendDeltaAsync(device.Entry());

        await host.ConnectDeviceAsync(device);
    }

    [Fact]
    public async Task Connect_WithAnotherClientId_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var victim = host.NewPrincipal();
        await host.ConnectControlAsync(device, victim);
        var connected = await host.ConnectDeviceAsync(victim);

        var result = await host.NewClient(device).ConnectAsync(builder => builder.WithClientId(victim.Name));

        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, result.ResultCode);
        await connected.PingAsync();
    }

    [Fact]
    public async Task Connect_WithAnotherMethod_IsBadAuthenticationMethod()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await RawClient.OpenAsync(host);

        await client.SendAsync(new MqttConnectPacket { ClientId = "x", CleanSession = true, AuthenticationMethod = "SCRAM-SHA-1", AuthenticationData = [1] });

        Assert.Equal(MqttConnectReasonCode.BadAuthenticationMethod, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Connect_WithoutCredentials_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await RawClient.OpenAsync(host);

        await client.SendAsync(new MqttConnectPacket { ClientId = "x", CleanSession = true });

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Fact]
    public async Task Connect_WithAReplayedAnswer_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var first = await RawClient.OpenAsync(host);
        var connect = RawClient.Hello(device, out var hello);
        await first.SendAsync(connect);
        Assert.True(RelayChallenge.TryDecode(Assert.IsType<MqttAuthPacket>(await first.ReceiveAsync()).AuthenticationData, out var challenge));
        var answer = RawClient.Answer(RelayCredentials.CreateResponse(device.Key, hello, challenge));
        await first.SendAsync(answer);
        Assert.Equal(MqttConnectReasonCode.Success, Assert.IsType<MqttConnAckPacket>(await first.ReceiveAsync()).ReasonCode);

        using var second = await RawClient.OpenAsync(host);
        await second.SendAsync(connect);
        Assert.IsType<MqttAuthPacket>(await second.ReceiveAsync());
        await second.SendAsync(answer);

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await second.ReceiveAsync()).ReasonCode);
        await first.SendAsync(MqttPingReqPacket.Instance);
        Assert.IsType<MqttPingRespPacket>(await first.ReceiveAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("81")]
    [InlineData("8140")]
    [InlineData("A0")]
    public async Task Connect_WithAnUnreadableAnswer_IsNotAuthorized(string hex)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.OpenAsync(host);
        await client.SendAsync(RawClient.Hello(device, out _));
        await client.ReceiveAsync();

        await client.SendAsync(RawClient.Answer(Convert.FromHexString(hex)));

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Fact]
    public async Task Connect_PublishInsteadOfAnswer_ClosesWithoutAWord()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.OpenAsync(host);
        await client.SendAsync(RawClient.Hello(device, out _));
        Assert.IsType<MqttAuthPacket>(await client.ReceiveAsync());

        await client.SendAsync(new MqttPublishPacket { Topic = Topics.Up(device.Id), PacketIdentifier = 1, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });

        while (await client.ReceiveAsync() is { } packet)
        {
            Assert.NotEqual(MqttConnectReasonCode.Success, Assert.IsType<MqttConnAckPacket>(packet).ReasonCode);
        }

        Assert.False(control.Client.TryReceive(out _));
        Assert.Equal(1, host.Count("protocolViolations"));
    }

    [Fact]
    public async Task Connect_ControlWithUnlistedKey_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        using var pretender = new Principal();
        using var client = new RelayClient(host, pretender) { IsControl = true };

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, (await client.ConnectAsync(builder => builder.WithClientId("control"))).ResultCode);
    }

    [Fact]
    public async Task Connect_DeviceNamingControlsKey_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.OpenAsync(host);
        await client.SendAsync(RawClient.Hello(device, out var hello));
        Assert.True(RelayChallenge.TryDecode(Assert.IsType<MqttAuthPacket>(await client.ReceiveAsync()).AuthenticationData, out var challenge));
        var signature = device.Key.Sign(RelayAuthentication.Transcript(hello, challenge));

        await client.SendAsync(RawClient.Answer(RelayAuthentication.EncodeResponse(signature, host.Control.Key.Public)));

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Fact]
    public async Task Connect_ThroughAMiddleman_IsRefusedByTheClient()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        await using var middleman = await TlsMiddleman.StartAsync(host.TlsPort);
        var client = host.NewClient(device);
        client.Transport = null;

        var failure = await Assert.ThrowsAsync<MqttConnectingFailedException>(() => client.ConnectAsync(builder =>
            client.UseTlsOptions(builder.WithTcpServer("127.0.0.1", middleman.Port))));

        Assert.IsType<ChannelBindingException>(failure.InnerException);
    }

    [Fact]
    public async Task Connect_WithAnAnswerForAnotherCertificate_IsNotAuthorized()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.OpenAsync(host);
        await client.SendAsync(RawClient.Hello(device, out var hello));
        Assert.True(RelayChallenge.TryDecode(Assert.IsType<MqttAuthPacket>(await client.ReceiveAsync()).AuthenticationData, out var challenge));
        Assert.Null(challenge.TlsSpkiSha256);

        // What a middleman would get from a device that he gave this nonce, under his certificate.
        var answer = RelayCredentials.CreateResponse(device.Key, hello, challenge with { TlsSpkiSha256 = new byte[32] });
        await client.SendAsync(RawClient.Answer(answer));

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Fact]
    public async Task ConnAck_OfVersion5_StatesTheTerms()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device, connect => connect.KeepAlivePeriod = 0);

        var terms = client.ConnAck!;
        Assert.Equal(RelayAuthentication.Method, terms.AuthenticationMethod);
        Assert.Equal((uint)RelayDefaults.MaxPacketBytes, terms.MaximumPacketSize);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, terms.MaximumQoS);
        Assert.Equal(RelayDefaults.MaxKeepAliveSeconds, terms.ServerKeepAlive);
        Assert.Equal(0, terms.TopicAliasMaximum);
        Assert.False(terms.RetainAvailable || terms.WildcardSubscriptionAvailable || terms.SharedSubscriptionAvailable || terms.SubscriptionIdentifiersAvailable);
    }
}
