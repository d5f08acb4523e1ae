using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Wire;

namespace Messaging.Cli.Keys;

/// <summary>The public half of a key, to be handed to others: one line, the 65 bytes of the uncompressed point in base64url.</summary>
internal static class PublicKeyFile
{
    private const string Extension = ".pub";
    private const int MaxBytes = 16 * 1024;

    /// <summary>Beside the key.</summary>
    public static string PathOf(string keyFile) => keyFile + Extension;

    public static string Text(IdentityPublicKey key) => Base64Url.EncodeToString(key.Point);

    /// <summary>Writes it beside its key; durable when this returns.</summary>
    public static void Create(string keyFile, IdentityPublicKey key) =>
        DurableFile.Create(PathOf(keyFile), Encoding.ASCII.GetBytes(Text(key) + "\n"));

    /// <exception cref="CliException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdentityPublicKey Read(string path)
    {
        var text = Encoding.Latin1.GetString(SmallFile.Read(path, MaxBytes)).Trim();
        if (TryParse(text, out var key))
        {
            return key;
        }

        throw new CliException(text.StartsWith("-----BEGIN", StringComparison.Ordinal)
            ? $"{path} is a PEM file; what is asked for is the public half: {PathOf(path)}, or what this shows: fleetctl key show {path} --public"
            : $"{path} is no public key: one line that fleetctl key show FILE --public shows.");
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out IdentityPublicKey? key)
    {
        key = null;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, buffer, out _, out var length) == OperationStatus.Done
            && IdentityPublicKey.TryImport(buffer.AsSpan(0, length), out key)
            && text == Text(key);
    }
}
