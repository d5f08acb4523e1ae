using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>The newest that this machine has seen of each fleet, by the fingerprint that it is known by: so that nobody can show it less.</summary>
/// <param name="folder">Where it is kept.</param>
internal sealed class SeenTrust(string folder)
{
    /// <summary>Null when nothing was seen yet.</summary>
    /// <exception cref="CliException">What is kept does not prove itself.</exception>
    public FleetTrust? Load(ReadOnlySpan<byte> fingerprint)
    {
        var path = PathOf(fingerprint);
        if (!File.Exists(path))
        {
            return null;
        }

        FleetTrust.Begin(SmallFile.Read(path, TrustBundle.MaxBytes), fingerprint, out var seen);
        return seen ?? throw new CliException($"{path} is damaged. It keeps the newest that this machine has seen of the fleet. Remove it to begin with what the server shows.");
    }

    /// <summary>Durable when this returns.</summary>
    public void Save(ReadOnlySpan<byte> fingerprint, FleetTrust trust)
    {
        DurableFile.CreatePrivateFolder(folder);
        DurableFile.Replace(PathOf(fingerprint), trust.Bundle.Encode());
    }

    private string PathOf(ReadOnlySpan<byte> fingerprint) => Path.Combine(folder, Convert.ToHexStringLower(fingerprint) + ".cbor");
}
