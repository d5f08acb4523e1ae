using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Tests.Enrolment;

public sealed class EnrolmentTests
{
    private static readonly byte[] Nonce = Samples.Bytes(16, 0xb1);

    private static readonly EnrolResponse Response = new(
        Samples.DeviceId, Nonce, EnrolStatus.Approved, "", "pi-7", ["kitchen", "küche"], [Samples.ServerId], Samples.Trust.Encode());

    [Fact]
    public void Token_Formatted_IsParsedBackAndHidesItsSecretElsewhere()
    {
        var text = Samples.Token.Format();

        Assert.StartsWith("mt1.", text, StringComparison.Ordinal);
        Assert.True(EnrolmentToken.TryParse($"  {text}\n", out var token));
        Assert.Equal(Samples.Token.BaseUrl, token.BaseUrl);
        Assert.Equal(Samples.Token.RootFingerprint.ToArray(), token.RootFingerprint.ToArray());
        Assert.Equal(Samples.Token.TokenId.ToArray(), token.TokenId.ToArray());
        Assert.Equal(Samples.Token.Secret.ToArray(), token.Secret.ToArray());
        Assert.DoesNotContain("9191", token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mt1.")]
    [InlineData("mt2.hQE")]
    [InlineData("mt1.hQE=")]
    public void Token_AnythingElse_IsRefused(string? text) => Assert.False(EnrolmentToken.TryParse(text, out _));

    [Fact]
    public void Token_AddressThatIsNotHttp_IsRefused()
    {
        var token = new EnrolmentToken(
            new Uri("file:///etc/passwd"), Samples.Token.RootFingerprint, Samples.Token.TokenId, Samples.Token.Secret);

        Assert.False(EnrolmentToken.TryParse(token.Format(), out _));
    }

    [Fact]
    public void Request_SealedToTheServer_GivesWhatTheDeviceSaid()
    {
        Assert.True(EnrolRequest.TryOpen(Request(), [Samples.ServerHpke], out var request));

        Assert.Equal(Samples.DeviceId, request.DeviceId);
        Assert.Equal(Samples.Device.Public, request.Identity);
        Assert.Equal(Samples.DeviceHpke.Public, request.HpkeKey);
        Assert.Equal(Samples.Token.TokenId.ToArray(), request.TokenId.ToArray());
        Assert.Equal(Samples.Token.Secret.ToArray(), request.Secret.ToArray());
        Assert.Equal(Nonce, request.Nonce.ToArray());
        Assert.Equal(Samples.Pairs, request.Facts);
    }

    [Fact]
    public void Request_EveryBitFlippedAndEveryTruncation_IsRefused() =>
        Mutations.AssertNoneAccepted(Request(), static data => EnrolRequest.TryOpen(data, [Samples.ServerHpke], out _));

    [Fact]
    public void Request_SignedByAnotherKeyOrForAnotherId_IsRefused()
    {
        var payload = EnrolRequest.Payload(Samples.Token, Samples.Device.Public, Samples.DeviceHpke.Public, Samples.Pairs, Nonce);
        Assert.True(Opens(Samples.Device, payload));
        Assert.False(Opens(Samples.Server, payload), "Signed by another key than the one inside.");

        // 88 01 50 tokenId(16) 50 secret(16) 50 deviceId(16)
        payload[2 + 17 + 17 + 1] ^= 1;
        Assert.False(Opens(Samples.Device, payload), "An id that is not the key's.");

        static bool Opens(IdentityKey signer, byte[] payload)
        {
            var label = "messaging/1/enrol-request"u8;
            return EnrolRequest.TryOpen(
                SealedMessage.Seal(Samples.ServerHpke.Public, label, CoseSign1Writer.Sign(signer, label, payload)), [Samples.ServerHpke], out _);
        }
    }

    [Fact]
    public void Request_NeverShowsTheSecretOrTheFacts()
    {
        var text = Convert.ToHexString(Request());

        Assert.DoesNotContain(Convert.ToHexString(Samples.Token.Secret.Span), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString("pi-7"u8), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_SealedToTheDevice_GivesWhatTheServerSaid()
    {
        var data = Response.Seal(Samples.Server, Samples.DeviceHpke.Public);

        Assert.True(EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Server.Public, Samples.DeviceId, Nonce, out var response));

        Assert.Equal((EnrolStatus.Approved, "", "pi-7"), (response.Status, response.Reason, response.Name));
        Assert.Equal(Response.Tags, response.Tags);
        Assert.Equal(Response.Groups, response.Groups);
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(response.Trust.Span, Samples.Token.RootFingerprint.Span, out _));
    }

    [Fact]
    public void Response_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        (Response with { Trust = default }).Seal(Samples.Server, Samples.DeviceHpke.Public),
        static data => EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Server.Public, Samples.DeviceId, Nonce, out _));

    [Fact]
    public void Response_OfAnotherServerRequestOrDevice_IsRefused()
    {
        var data = Response.Seal(Samples.Server, Samples.DeviceHpke.Public);

        Assert.False(EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Root.Public, Samples.DeviceId, Nonce, out _));
        Assert.False(EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Server.Public, Samples.ServerId, Nonce, out _));
        Assert.False(EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Server.Public, Samples.DeviceId, new byte[16], out _));
        Assert.False(EnrolResponse.TryOpen(data, Samples.ServerHpke, Samples.Server.Public, Samples.DeviceId, Nonce, out _));
    }

    [Fact]
    public void KeyUpdate_WithAndWithoutNewIdentity_IsVerified()
    {
        var hpkeOnly = KeyUpdate.Sign(Samples.Device, Samples.DeviceId, 1, Samples.DeviceHpke.Public, null);
        var both = KeyUpdate.Sign(Samples.Device, Samples.DeviceId, 2, Samples.DeviceHpke.Public, Samples.Root);

        Assert.True(KeyUpdate.TryVerify(hpkeOnly, Samples.Device.Public, Samples.DeviceId, out var first));
        Assert.Equal(new KeyUpdate(Samples.DeviceId, 1, Samples.DeviceHpke.Public, null), first);
        Assert.True(KeyUpdate.TryVerify(both, Samples.Device.Public, Samples.DeviceId, out var second));
        Assert.Equal(new KeyUpdate(Samples.DeviceId, 2, Samples.DeviceHpke.Public, Samples.Root.Public), second);

        Assert.False(KeyUpdate.TryVerify(both, Samples.Root.Public, Samples.DeviceId, out _));
        Assert.False(KeyUpdate.TryVerify(both, Samples.Device.Public, Samples.ServerId, out _));
    }

    [Fact]
    public void KeyUpdate_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        KeyUpdate.Sign(Samples.Device, Samples.DeviceId, 2, Samples.DeviceHpke.Public, Samples.Root),
        static data => KeyUpdate.TryVerify(data, Samples.Device.Public, Samples.DeviceId, out _));

    [Fact]
    public void KeyUpdate_NewKeyThatTheDeviceDoesNotHave_IsRefused()
    {
        // The device's own signature around somebody else's key, with a proof made for another number.
        var proof = Samples.Root.Sign(KeyUpdate.Possession(Samples.DeviceId, 1, Samples.DeviceHpke.Public, Samples.Root.Public));
        var update = new KeyUpdate(Samples.DeviceId, 2, Samples.DeviceHpke.Public, Samples.Root.Public);
        var signed = CoseSign1Writer.Sign(Samples.Device, "messaging/1/key-update"u8, KeyUpdate.Payload(update, proof));

        Assert.False(KeyUpdate.TryVerify(signed, Samples.Device.Public, Samples.DeviceId, out _));
    }

    [Fact]
    public void KeyUpdateReceipt_Any_RoundTripsStrictly()
    {
        var receipt = new KeyUpdateReceipt(ulong.MaxValue, false, "old number");
        Mutations.AssertStrictLength(receipt.Encode(), data => KeyUpdateReceipt.TryDecode(data, out var decoded) && decoded == receipt);
    }

    private static byte[] Request() =>
        EnrolRequest.Seal(Samples.Token, Samples.Device, Samples.DeviceHpke.Public, Samples.ServerHpke.Public, Samples.Pairs, Nonce);
}
