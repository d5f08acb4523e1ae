using System.Text;
using System.Text.Json;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Support;

/// <summary>A device that records a shell.</summary>
internal static class RecordingMaker
{
    /// <returns>The device, and the command.</returns>
    public static (string Device, string Command) Write(string path, HpkePublicKey recipient, string shown, bool isFinal)
    {
        using var key = IdentityKey.Generate();
        var (device, command) = (PrincipalId.FromIdentityKey(key.Public), CommandId.Generate());
        using var sealer = RecordingSealer.Begin(key, new IdentityOrigin(key.Public.Point.ToArray(), []), device, command, 1_795_000_000_000, [recipient]);
        var cast = $"{{\"version\": 2, \"width\": 80, \"height\": 24}}\n[0.5, \"o\", \"{JsonEncodedText.Encode(shown)}\"]\n[0.6, \"r\", \"90x30\"]\n";
        File.WriteAllBytes(path, [.. sealer.Head.ToArray(), .. sealer.Seal(Encoding.UTF8.GetBytes(cast), isFinal)]);
        return (device.ToString(), command.ToString());
    }
}
