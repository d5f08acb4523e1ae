using Messaging.Crypto;

namespace Messaging.Cli.Recordings;

/// <summary>A key that recordings are sealed to, as it is shown.</summary>
/// <param name="File">The file of its private half.</param>
/// <param name="Id">As devices and rules show it, 16 lower hexadecimal digits.</param>
/// <param name="Public">What owners put into the policy.</param>
internal sealed record RecorderKeyView(string File, string Id, string Public)
{
    public static RecorderKeyView Of(string file, HpkePublicKey key) => new(file, key.Kid.ToString(), RecorderKey.Text(key));

    public IEnumerable<string> Lines() =>
    [
        $"Key id      {Id}",
        $"Public key  {Public}",
    ];
}
