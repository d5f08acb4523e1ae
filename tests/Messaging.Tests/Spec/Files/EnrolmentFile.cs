using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Enrolment;
using Messaging.Fuzz;

namespace Messaging.Tests.Spec.Files;

internal sealed class EnrolmentFile : VectorDocument
{
    private static readonly byte[] Nonce = Samples.Bytes(16, 0xb1);
    private static readonly byte[] RequestLabel = "messaging/1/enrol-request"u8.ToArray();
    private static readonly byte[] ResponseLabel = "messaging/1/enrol-response"u8.ToArray();

    public override string Name => "enrolment.json";

    public override JsonObject Build()
    {
        var requestPayload = RequestPayload();
        var responsePayload = ResponsePayload();
        return new JsonObject
        {
            ["description"] = "A token, the request of the key device (sealed to server-hpke) and the response of the key server (sealed to device-hpke).",
            ["token"] = new JsonObject
            {
                ["baseUrl"] = "https://fleet.example",
                ["rootFingerprint"] = Hex(Samples.Token.RootFingerprint.Span),
                ["tokenId"] = Hex(Samples.Token.TokenId.Span),
                ["secret"] = Hex(Samples.Token.Secret.Span),
                ["text"] = Samples.Token.Format(),
            },
            ["refusedTokens"] = new JsonArray([.. RefusedTokens().Select(static text => JsonValue.Create(text))]),
            ["request"] = new JsonObject
            {
                ["facts"] = Array(Samples.Pairs.Select(static pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })),
                ["nonce"] = Hex(Nonce),
                ["payload"] = Hex(requestPayload),
                ["signed"] = Hex(Maker.Sign("device", RequestLabel, requestPayload)),
                ["message"] = Hex(Request("device", requestPayload)),
            },
            ["refusedRequests"] = Array(RefusedRequests().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
            ["response"] = new JsonObject
            {
                ["status"] = 0,
                ["name"] = "pi-7",
                ["tags"] = new JsonArray("kitchen"),
                ["groups"] = new JsonArray(Samples.ServerId.ToString()),
                ["payload"] = Hex(responsePayload),
                ["signed"] = Hex(Maker.Sign("server", ResponseLabel, responsePayload)),
                ["message"] = Hex(Response("server", responsePayload)),
            },
            ["refusedResponses"] = Array(RefusedResponses().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
        };
    }

    public override void Verify(JsonElement file)
    {
        Assert.True(EnrolmentToken.TryParse(file.GetProperty("token").GetProperty("text").GetString(), out var token));
        Assert.Equal(Bytes(file.GetProperty("token"), "secret"), token.Secret.ToArray());
        foreach (var text in Each(file, "refusedTokens"))
        {
            Assert.False(EnrolmentToken.TryParse(text.GetString(), out _), text.GetString());
        }

        Assert.True(EnrolRequest.TryOpen(Bytes(file.GetProperty("request"), "message"), [Samples.ServerHpke], out var request));
        Assert.Equal(Samples.Pairs, request.Facts);
        foreach (var one in Each(file, "refusedRequests"))
        {
            Assert.False(EnrolRequest.TryOpen(Bytes(one, "message"), [Samples.ServerHpke], out _), Why(one));
        }

        Assert.True(Opens(Bytes(file.GetProperty("response"), "message")));
        foreach (var one in Each(file, "refusedResponses"))
        {
            Assert.False(Opens(Bytes(one, "message")), Why(one));
        }

        static bool Opens(byte[] message) =>
            EnrolResponse.TryOpen(message, Samples.DeviceHpke, Samples.Server.Public, Samples.DeviceId, Nonce, out _);
    }

    private static byte[] RequestPayload() =>
        EnrolRequest.Payload(Samples.Token, Samples.Device.Public, Samples.DeviceHpke.Public, Samples.Pairs, Nonce);

    private static byte[] ResponsePayload() => new EnrolResponse(
        Samples.DeviceId, Nonce, EnrolStatus.Approved, "", "pi-7", ["kitchen"], [Samples.ServerId],
        TrustFile.Sample()).Payload();

    private static byte[] Request(string signer, byte[] payload) => Maker.Seal("server-hpke", RequestLabel, Maker.Sign(signer, RequestLabel, payload));

    private static byte[] Response(string signer, byte[] payload) => Maker.Seal("device-hpke", ResponseLabel, Maker.Sign(signer, ResponseLabel, payload));

    private static IEnumerable<string> RefusedTokens()
    {
        var text = Samples.Token.Format();
        yield return "";
        yield return text[4..];
        yield return "mt2." + text[4..];
        yield return text + "=";
        yield return text[..^1];
        yield return text + "A";
        yield return text.Replace('_', '/') + "!";
        yield return new EnrolmentToken(new Uri("ftp://fleet.example"), Samples.Token.RootFingerprint, Samples.Token.TokenId, Samples.Token.Secret).Format();
    }

    private static IEnumerable<(string Why, byte[] Message)> RefusedRequests()
    {
        var payload = RequestPayload();
        var good = Request("device", payload);
        yield return ("ciphertext changed", Maker.Flipped(good, -1));
        yield return ("a byte after it", [.. good, 0]);
        yield return ("sealed to another key", Maker.Seal("device-hpke", RequestLabel, Maker.Sign("device", RequestLabel, payload)));
        yield return ("sealed as a response", Maker.Seal("server-hpke", ResponseLabel, Maker.Sign("device", RequestLabel, payload)));
        yield return ("signed by another key than it names", Request("server", payload));
        yield return ("an id that is not the key's", Request("device", Maker.Flipped(payload, 37)));
        yield return ("an HPKE key off the curve", Request("device", Maker.Flipped(payload, payload.AsSpan().IndexOf(Samples.DeviceHpke.Public.Point) + 64)));
    }

    private static IEnumerable<(string Why, byte[] Message)> RefusedResponses()
    {
        // 89 01 50 deviceId(16) 50 nonce(16) 00 ...
        var payload = ResponsePayload();
        yield return ("ciphertext changed", Maker.Flipped(Response("server", payload), -1));
        yield return ("signed by another key", Response("device", payload));
        yield return ("for another device", Response("server", Maker.Flipped(payload, 3)));
        yield return ("to another request", Response("server", Maker.Flipped(payload, 20)));
        yield return ("status 3", Response("server", Maker.Changed(payload, 36, 3)));
    }
}
