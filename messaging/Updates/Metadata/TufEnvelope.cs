namespace Messaging.Updates.Metadata;

/// <summary>A metadata file: what is signed, and who signed it (TUF 4.2.1).</summary>
internal sealed class TufEnvelope
{
    private TufEnvelope(string file, TufJson signed, byte[] canonical, TufSignature[] signatures) =>
        (File, Signed, Canonical, Signatures) = (file, signed, canonical, signatures);

    public string File { get; }

    public TufJson Signed { get; }

    /// <summary>What the signatures are over.</summary>
    public byte[] Canonical { get; }

    public TufSignature[] Signatures { get; }

    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TufEnvelope Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var fields = new TufFields(file);
        var root = TufJsonParser.Parse(bytes, file);
        if (root.Kind != TufJsonKind.Object)
        {
            throw fields.Malformed("no object");
        }

        var signed = fields.Member(root, "signed", TufJsonKind.Object);
        var items = fields.List(root, "signatures", TufLimits.MaxSignatures, TufJsonKind.Object);
        var signatures = new TufSignature[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var keyId = fields.Text(items[i], "keyid", TufLimits.MaxNameBytes);
            for (var j = 0; j < i; j++)
            {
                _ = signatures[j].KeyId == keyId ? throw fields.Malformed("a keyid stands twice in signatures") : keyId;
            }

            signatures[i] = new TufSignature(keyId, TufHex.Decode(fields.Member(items[i], "sig", TufJsonKind.Text).Text) ?? []);
        }

        return new TufEnvelope(file, signed, CanonicalJson.Write(signed), signatures);
    }
}
