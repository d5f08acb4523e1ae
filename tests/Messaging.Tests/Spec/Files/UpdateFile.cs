using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Updates;
using Messaging.Updates.Releases;

namespace Messaging.Tests.Spec.Files;

internal sealed class UpdateFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/update-receipt"u8.ToArray();

    public override string Name => "update.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "value: the fields as in the specification, for people. Receipts are by the key device. custom: the custom of a target, as text. versions: in their order. "
            + "encryption: the content's byte i is i modulo 251.",
        ["arguments"] = Array(UpdateMessages.Arguments().Select(Message)),
        ["refusedArguments"] = Array(UpdateMessages.RefusedArguments().Select(Refused)),
        ["statuses"] = Array(UpdateMessages.Statuses().Select(Message)),
        ["refusedStatuses"] = Array(UpdateMessages.RefusedStatuses().Select(Refused)),
        ["receipts"] = Array(UpdateMessages.Receipts().Select(static one => new JsonObject
        {
            ["value"] = CborText.Of(one.Payload()),
            ["payload"] = Hex(one.Payload()),
            ["message"] = Hex(Maker.Sign("device", Label, one.Payload())),
        })),
        ["refusedReceipts"] = Array(RefusedReceipts().Select(Refused)),
        ["releases"] = Array(ReleaseCustoms.Good().Select(static one => new JsonObject { ["custom"] = one, ["canonical"] = Canonical(one) })),
        ["refusedReleases"] = Array(ReleaseCustoms.Bad().Select(static one => new JsonObject { ["why"] = one.Why, ["custom"] = one.Custom })),
        ["versions"] = new JsonArray([.. ReleaseCustoms.Versions.Select(static one => (JsonNode)one)]),
        ["sameVersions"] = new JsonArray([.. ReleaseCustoms.SameVersions.Select(static one => (JsonNode)one)]),
        ["refusedVersions"] = new JsonArray([.. ReleaseCustoms.BadVersions.Select(static one => (JsonNode)one)]),
        ["encryption"] = Array(new[] { 0, 5, ContentCipher.PieceBytes, ContentCipher.PieceBytes + 1 }.Select(Encryption)),
    };

    public override void Verify(JsonElement file)
    {
        Check(file, "arguments", "hex", static data => UpdateArguments.TryDecode(data, out var read) && data.AsSpan().SequenceEqual(read.Encode()));
        Check(file, "statuses", "hex", static data => UpdateStatus.TryDecode(data, out var read) && data.AsSpan().SequenceEqual(read.Encode()));
        Check(file, "receipts", "message", static data => UpdateReceipt.TryRead(data, out var read) && read.IsSignedBy(Maker.Identity("device")));
        Assert.All(Each(file, "releases"), static one => Assert.Equal(one.GetProperty("canonical").GetString(), Canonical(one.GetProperty("custom").GetString()!)));
        Assert.All(Each(file, "refusedReleases"), static one => Assert.Equal(
            TufFailure.Malformed, Assert.Throws<TufException>(() => Release.Read(Why(one), Encoding.UTF8.GetBytes(one.GetProperty("custom").GetString()!))).Failure));
        var versions = Each(file, "versions").Select(static one => SemanticVersion.TryParse(one.GetString(), out var version) ? version : throw new InvalidDataException(one.GetString())).ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            Assert.All(versions.Index(), one => Assert.Equal(Math.Sign(i.CompareTo(one.Index)), versions[i].Order(one.Item)));
        }

        Assert.Single(Each(file, "sameVersions").Select(one => SemanticVersion.TryParse(one.GetString(), out var version) ? versions.Count(other => other.Order(version) < 0) : -1).Distinct());
        Assert.All(Each(file, "refusedVersions"), static one => Assert.False(SemanticVersion.TryParse(one.GetString(), out _), one.GetString()));
        Assert.All(Each(file, "encryption"), static one =>
            Assert.True(JsonElement.DeepEquals(one, JsonSerializer.SerializeToElement(Encryption(one.GetProperty("length").GetInt32()))), one.ToString()));
    }

    private static void Check(JsonElement file, string list, string member, Func<byte[], bool> isRight)
    {
        Assert.All(Each(file, list), one => Assert.True(isRight(Bytes(one, member)), one.ToString()));
        Assert.All(Each(file, $"refused{char.ToUpperInvariant(list[0])}{list[1..]}"), one => Assert.False(isRight(Bytes(one, "hex")), Why(one)));
    }

    private static JsonObject Message(byte[] one) => new() { ["value"] = CborText.Of(one), ["hex"] = Hex(one) };

    private static JsonObject Refused((string Why, byte[] Message) one) => new() { ["why"] = one.Why, ["hex"] = Hex(one.Message) };

    private static string Canonical(string custom) => Encoding.UTF8.GetString(ReleaseWriter.Write(Release.Read("target", Encoding.UTF8.GetBytes(custom))));

    private static IEnumerable<(string Why, byte[] Message)> RefusedReceipts()
    {
        var payload = UpdateMessages.Receipts().First().Payload();
        var message = Maker.Sign("device", Label, payload);
        yield return ("a byte cut off", message[..^1]);
        yield return ("a byte after it", [.. message, 0]);
        yield return ("a signature with another last bit", Maker.Flipped(message, -1));
        yield return ("by the server", Maker.Sign("server", Label, payload));
        yield return ("with the label of executions", Maker.Sign("device", "messaging/1/executions"u8, payload));
        yield return ("a payload cut off", Maker.Sign("device", Label, payload.AsSpan(0, payload.Length - 1)));
        yield return ("version 2", Maker.Sign("device", Label, Maker.Changed(payload, 1, 2)));
        foreach (var (why, broken) in UpdateMessages.BrokenReceipts())
        {
            yield return (why, Maker.Sign("device", Label, broken));
        }
    }

    private static JsonObject Encryption(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++)
        {
            content[i] = (byte)(i % 251);
        }

        var hash = SHA256.HashData(content);
        var sealedContent = new byte[ContentCipher.SealedLength(length)];
        using var cipher = new ContentCipher(Samples.Bytes(32, 0xd2), Samples.Update.Target);
        for (var (from, to) = (0, 0); to < sealedContent.Length; from += ContentCipher.PieceBytes)
        {
            var piece = content.AsSpan(from, Math.Min(ContentCipher.PieceBytes, length - from));
            cipher.Seal(piece, from + piece.Length == length, sealedContent.AsSpan(to, piece.Length + ContentCipher.TagBytes));
            to += piece.Length + ContentCipher.TagBytes;
        }

        return new JsonObject
        {
            ["key"] = Hex(Samples.Bytes(32, 0xd2)),
            ["target"] = Samples.Update.Target,
            ["length"] = length,
            ["sha256"] = Hex(hash),
            ["sealedLength"] = sealedContent.Length,
            ["sealedSha256"] = Hex(SHA256.HashData(sealedContent)),
            ["sealedBegin"] = Hex(sealedContent.AsSpan(0, Math.Min(32, sealedContent.Length))),
            ["sealedEnd"] = Hex(sealedContent.AsSpan(Math.Max(0, sealedContent.Length - 32))),
        };
    }
}
