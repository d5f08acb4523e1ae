using Messaging.Wire;

namespace Messaging.Cli.Keys;

/// <summary>A key as it is shown.</summary>
/// <param name="File">The file of its private half.</param>
/// <param name="Fingerprint">SHA-256 of the public point, 64 lower hexadecimal digits.</param>
/// <param name="Principal">The id of whoever begins with this key, 32 lower hexadecimal digits.</param>
/// <param name="Public">The public point in base64url.</param>
internal sealed record KeyView(string File, string Fingerprint, string Principal, string Public)
{
    public static KeyView Of(string file, IdentityPublicKey key) =>
        new(file, key.ToString(), PrincipalId.FromIdentityKey(key).ToString(), PublicKeyFile.Text(key));

    public IEnumerable<string> Lines() =>
    [
        $"Fingerprint  {Fingerprint}",
        $"Principal    {Principal}",
        $"Public key   {Public}",
    ];
}
