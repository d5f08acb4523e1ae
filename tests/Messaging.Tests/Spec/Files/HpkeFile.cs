using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;

namespace Messaging.Tests.Spec.Files;

internal sealed class HpkeFile : VectorDocument
{
    private static readonly (string Info, string Aad, string Plaintext)[] Cases =
        [("", "", ""), ("info", "", "hello"), ("info", "aad", "hello ✓"), ("messaging/1/enrol-request", "", new string('x', 300))];

    public override string Name => "hpke.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Single-shot base mode, RFC 9180 section 6.1, KEM 0x0010, KDF 0x0001, AEAD 0x0002: from the key ephemeral to server-hpke.",
        ["accepted"] = Array(Cases.Select(static one => Seal(one.Info, one.Aad, one.Plaintext))),
        ["refused"] = Array(Refused()),
    };

    public override void Verify(JsonElement file)
    {
        using var recipient = Maker.Hpke("server-hpke");
        foreach (var one in Each(file, "accepted"))
        {
            var plaintext = new byte[Bytes(one, "ciphertext").Length - 16];
            Assert.True(Open(recipient, one, plaintext));
            Assert.Equal(Bytes(one, "plaintext"), plaintext);
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(Open(recipient, one, new byte[Math.Max(0, Bytes(one, "ciphertext").Length - 16)]), Why(one));
        }
    }

    private static bool Open(HpkeKeyPair recipient, JsonElement one, byte[] plaintext) =>
        Hpke.TryOpenBase(recipient, Bytes(one, "enc"), Bytes(one, "info"), Bytes(one, "aad"), Bytes(one, "ciphertext"), plaintext);

    private static JsonObject Seal(string info, string aad, string plaintext)
    {
        using var ephemeral = Maker.Hpke("ephemeral");
        using var recipient = Maker.Hpke("server-hpke");
        var text = Encoding.UTF8.GetBytes(plaintext);
        var enc = new byte[Hpke.EncapsulatedBytes];
        var ciphertext = new byte[text.Length + 16];
        Hpke.SealBase(ephemeral, recipient.Public, Encoding.UTF8.GetBytes(info), Encoding.UTF8.GetBytes(aad), text, enc, ciphertext);
        return new JsonObject
        {
            ["info"] = Hex(Encoding.UTF8.GetBytes(info)),
            ["aad"] = Hex(Encoding.UTF8.GetBytes(aad)),
            ["plaintext"] = Hex(text),
            ["enc"] = Hex(enc),
            ["ciphertext"] = Hex(ciphertext),
        };
    }

    private static IEnumerable<JsonObject> Refused()
    {
        yield return With("another info", "info", "00");
        yield return With("another aad", "aad", "00");
        var good = Seal("info", "aad", "hello");
        var ciphertext = Convert.FromHexString(good["ciphertext"]!.GetValue<string>());
        var enc = Convert.FromHexString(good["enc"]!.GetValue<string>());
        yield return With("ciphertext changed", "ciphertext", Hex(Maker.Flipped(ciphertext, 0)));
        yield return With("tag changed", "ciphertext", Hex(Maker.Flipped(ciphertext, -1)));
        yield return With("tag cut off", "ciphertext", Hex(ciphertext.AsSpan(0, ciphertext.Length - 1)));
        yield return With("shorter than a tag", "ciphertext", Hex(ciphertext.AsSpan(0, 15)));
        yield return With("enc off the curve", "enc", Hex(Maker.Flipped(enc, -1)));
        yield return With("another enc", "enc", Hex(Maker.Identity("ephemeral-2").Point));
        yield return With("enc compressed", "enc", Hex([(byte)(2 | (enc[64] & 1)), .. enc[1..33]]));
        yield return With("enc of infinity", "enc", "00");

        static JsonObject With(string why, string property, string value)
        {
            var changed = Seal("info", "aad", "hello");
            changed.Remove("plaintext");
            changed[property] = value;
            changed.Insert(0, "why", why);
            return changed;
        }
    }
}
