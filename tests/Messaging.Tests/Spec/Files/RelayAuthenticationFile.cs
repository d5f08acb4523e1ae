using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class RelayAuthenticationFile : VectorDocument
{
    private static readonly RelayHello Hello = new(Samples.DeviceId, Samples.Bytes(16, 0xc1));
    private static readonly RelayChallenge Tls = new(Samples.Bytes(32, 0xd1), Samples.Bytes(32, 0xe1));
    private static readonly RelayChallenge Plain = new(Samples.Bytes(32, 0xd1), null);

    public override string Name => "relay-authentication.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "The key device proves itself to a relay: MQTT 5 enhanced authentication, and the password of MQTT 3.1.1. control: the same with the key in the answer.",
        ["hello"] = Hex(Hello.Encode()),
        ["accepted"] = Array([Answer("with TLS", Tls), Answer("without TLS", Plain)]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["challenge"] = Hex(Tls.Encode()), ["response"] = Hex(one.Response) })),
        ["tokens"] = Array([Token("with TLS", Tls.TlsSpkiSha256), Token("without TLS", null)]),
        ["refusedTokens"] = Array(RefusedTokens().Select(static one => new JsonObject { ["why"] = one.Why, ["text"] = one.Text })),
    };

    public override void Verify(JsonElement file)
    {
        Assert.True(RelayHello.TryDecode(Bytes(file, "hello"), out var hello));
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(RelayChallenge.TryDecode(Bytes(one, "challenge"), out var challenge));
            Assert.Equal(Bytes(one, "transcript"), RelayAuthentication.Transcript(hello, challenge));
            Assert.True(RelayAuthentication.VerifyResponse(Bytes(one, "response"), Samples.Device.Public, hello, challenge), Why(one));
            Assert.True(RelayAuthentication.VerifyResponse(Bytes(one, "control"), Samples.Device.Public, hello, challenge), Why(one));
            Assert.Equal(Samples.Device.Public, RelayAuthentication.ReadControlKey(Bytes(one, "control")));
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.True(RelayChallenge.TryDecode(Bytes(one, "challenge"), out var challenge));
            Assert.False(RelayAuthentication.VerifyResponse(Bytes(one, "response"), Samples.Device.Public, hello, challenge), Why(one));
        }

        foreach (var one in Each(file, "tokens"))
        {
            Assert.True(RelayToken.TryParse(one.GetProperty("text").GetString(), out var token) && token.Verify(Samples.Device.Public), Why(one));
            Assert.Equal(one.GetProperty("issuedAt").GetInt64(), token.IssuedAtUnixSeconds);
        }

        foreach (var one in Each(file, "refusedTokens"))
        {
            Assert.False(RelayToken.TryParse(one.GetProperty("text").GetString(), out var token) && token.Verify(Samples.Device.Public), Why(one));
        }
    }

    private static JsonObject Answer(string why, RelayChallenge challenge)
    {
        var transcript = RelayAuthentication.Transcript(Hello, challenge);
        var signature = Maker.SignRaw("device", transcript);
        return new JsonObject
        {
            ["why"] = why,
            ["challenge"] = Hex(challenge.Encode()),
            ["transcript"] = Hex(transcript),
            ["response"] = Hex(RelayAuthentication.EncodeResponse(signature)),
            ["control"] = Hex(RelayAuthentication.EncodeResponse(signature, Samples.Device.Public)),
        };
    }

    private static IEnumerable<(string Why, byte[] Response)> Refused()
    {
        var good = RelayAuthentication.EncodeResponse(Maker.SignRaw("device", RelayAuthentication.Transcript(Hello, Tls)));
        yield return ("signature changed", Maker.Flipped(good, -1));
        yield return ("a byte after it", [.. good, 0]);
        yield return ("signed by another key", RelayAuthentication.EncodeResponse(Maker.SignRaw("server", RelayAuthentication.Transcript(Hello, Tls))));
        yield return ("the answer to a challenge without TLS", RelayAuthentication.EncodeResponse(Maker.SignRaw("device", RelayAuthentication.Transcript(Hello, Plain))));
        yield return ("it names another key", RelayAuthentication.EncodeResponse(good.AsSpan(3), Samples.Server.Public));
        yield return ("three fields", [0x83, .. good[1..], 0xf6, 0xf6]);
    }

    private static byte[] Payload(byte[]? spki) => RelayToken.Payload(Samples.DeviceId, 1_795_000_000, Samples.Bytes(16, 0xf1), spki);

    private static JsonObject Token(string why, byte[]? spki) => new()
    {
        ["why"] = why,
        ["userName"] = Samples.DeviceId.ToString(),
        ["issuedAt"] = 1_795_000_000,
        ["nonce"] = Hex(Samples.Bytes(16, 0xf1)),
        ["tlsSpkiSha256"] = spki is null ? null : Hex(spki),
        ["payload"] = Hex(Payload(spki)),
        ["text"] = Base64Url.EncodeToString(Maker.Sign("device", RelayToken.Label, Payload(spki))),
    };

    private static IEnumerable<(string Why, string Text)> RefusedTokens()
    {
        var good = Base64Url.EncodeToString(Maker.Sign("device", RelayToken.Label, Payload(null)));
        yield return ("empty", "");
        yield return ("padding", good + "=");
        yield return ("a line break", good + "\n");
        yield return ("a character outside the alphabet", good[..^1] + "!");
        yield return ("cut off", good[..^4]);
        yield return ("signed by another key", Base64Url.EncodeToString(Maker.Sign("server", RelayToken.Label, Payload(null))));
        yield return ("signed as a command", Base64Url.EncodeToString(Maker.Sign("device", "messaging/1/command"u8, Payload(null))));
        yield return ("version 2", Base64Url.EncodeToString(Maker.Sign("device", RelayToken.Label, Maker.Changed(Payload(null), 1, 2))));
    }
}
