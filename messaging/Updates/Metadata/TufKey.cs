namespace Messaging.Updates.Metadata;

/// <summary>A public key as metadata has it (TUF 4.2.2).</summary>
/// <param name="KeyType">Such as <c>ecdsa</c>.</param>
/// <param name="Scheme">Such as <c>ecdsa-sha2-nistp256</c>.</param>
/// <param name="Public">PEM, or hexadecimal digits.</param>
public sealed record TufKey(string KeyType, string Scheme, string Public)
{
    private const int MaxNameBytes = 64;

    internal static Dictionary<string, TufKey> ReadMap(TufFields fields, TufJson owner)
    {
        var map = fields.Map(owner, "keys", TufLimits.MaxKeys);
        var keys = new Dictionary<string, TufKey>(map.Items.Length, StringComparer.Ordinal);
        for (var i = 0; i < map.Items.Length; i++)
        {
            var key = map.Items[i];
            var value = fields.Member(key, "keyval", TufJsonKind.Object);
            keys.Add(
                System.Text.Encoding.UTF8.GetString(map.Names[i]),
                new TufKey(
                    fields.Text(key, "keytype", MaxNameBytes), fields.Text(key, "scheme", MaxNameBytes), fields.Text(value, "public", TufLimits.MaxTextBytes)));
        }

        return keys;
    }
}
