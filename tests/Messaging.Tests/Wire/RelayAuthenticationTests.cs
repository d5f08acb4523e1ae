using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class RelayAuthenticationTests
{
    private static readonly RelayHello Hello = RelayCredentials.CreateHello(Samples.DeviceId);
    private static readonly RelayChallenge Challenge = new(Samples.Bytes(32, 1), Samples.Bytes(32, 2));

    [Fact]
    public void VerifyResponse_AnswerToThisChallenge_IsAccepted()
    {
        Assert.True(RelayHello.TryDecode(Hello.Encode(), out var hello));
        Assert.True(RelayChallenge.TryDecode(Challenge.Encode(), out var challenge));

        var response = RelayCredentials.CreateResponse(Samples.Device, hello, challenge);

        Assert.True(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello, Challenge));
        Assert.Null(RelayAuthentication.ReadControlKey(response));
    }

    [Fact]
    public void VerifyResponse_AnyBitChangedOrCut_IsRefused() => Mutations.AssertNoneAccepted(
        RelayCredentials.CreateResponse(Samples.Device, Hello, Challenge),
        static data => RelayAuthentication.VerifyResponse(data, Samples.Device.Public, Hello, Challenge));

    [Fact]
    public void VerifyResponse_ControlsAnswer_NamesItsKeyAndIsAcceptedForThatKeyOnly()
    {
        var response = RelayCredentials.CreateControlResponse(Samples.Server, Hello, Challenge);

        Assert.Equal(Samples.Server.Public, RelayAuthentication.ReadControlKey(response));
        Assert.True(RelayAuthentication.VerifyResponse(response, Samples.Server.Public, Hello, Challenge));
        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello, Challenge));

        // Somebody else's key beside one's own signature.
        var lying = RelayAuthentication.EncodeResponse(
            Samples.Device.Sign(RelayAuthentication.Transcript(Hello, Challenge)), Samples.Server.Public);
        Assert.False(RelayAuthentication.VerifyResponse(lying, Samples.Server.Public, Hello, Challenge));
        Assert.False(RelayAuthentication.VerifyResponse(lying, Samples.Device.Public, Hello, Challenge));
    }

    [Fact]
    public void VerifyResponse_AnotherNoncePrincipalOrCertificate_IsRefused()
    {
        var response = RelayCredentials.CreateResponse(Samples.Device, Hello, Challenge);

        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello with { Principal = Samples.ServerId }, Challenge));
        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello with { ClientNonce = new byte[16] }, Challenge));
        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello, Challenge with { ServerNonce = new byte[32] }));
        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello, Challenge with { TlsSpkiSha256 = null }));
        Assert.False(RelayAuthentication.VerifyResponse(response, Samples.Device.Public, Hello, Challenge with { TlsSpkiSha256 = new byte[32] }));
    }

    [Fact]
    public void TryParse_Token_GivesWhatWasSignedAndVerifiesForItsKeyOnly()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);
        var text = RelayCredentials.CreateToken(Samples.Device, Samples.DeviceId, now, Samples.Bytes(32, 2));

        Assert.True(RelayToken.TryParse(text, out var token));

        Assert.Equal(Samples.DeviceId, token.Principal);
        Assert.Equal(1_795_000_000, token.IssuedAtUnixSeconds);
        Assert.Equal(Samples.Bytes(32, 2), token.TlsSpkiSha256!.Value.ToArray());
        Assert.Equal(16, token.Nonce.Length);
        Assert.True(token.Verify(Samples.Device.Public));
        Assert.False(token.Verify(Samples.Server.Public));
    }

    [Fact]
    public void TryParse_TokensOfOneMoment_HaveDifferentNonces()
    {
        Assert.True(RelayToken.TryParse(RelayCredentials.CreateToken(Samples.Device, Samples.DeviceId, DateTimeOffset.UnixEpoch, null), out var one));
        Assert.True(RelayToken.TryParse(RelayCredentials.CreateToken(Samples.Device, Samples.DeviceId, DateTimeOffset.UnixEpoch, null), out var two));

        Assert.Null(one.TlsSpkiSha256);
        Assert.NotEqual(one.Nonce.ToArray(), two.Nonce.ToArray());
    }

    [Fact]
    public void TryParse_AnyCharacterChangedOrCut_NeverVerifies()
    {
        var text = RelayCredentials.CreateToken(Samples.Device, Samples.DeviceId, DateTimeOffset.UnixEpoch, null);

        for (var i = 0; i < text.Length; i++)
        {
            var other = text[i] == 'A' ? 'B' : 'A';
            Assert.False(Accepts(text[..i] + other + text[(i + 1)..]), $"Character {i} changed.");
            Assert.False(Accepts(text[..i]), $"Cut to {i} characters.");
        }

        Assert.False(Accepts(text + "="));
        Assert.False(Accepts(text + "\n"));
        Assert.False(Accepts(text + "!"));

        static bool Accepts(string text) => RelayToken.TryParse(text, out var token) && token.Verify(Samples.Device.Public);
    }
}
