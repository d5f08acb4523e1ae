using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Crypto;

namespace Messaging.Cli.Recordings;

/// <summary>
/// The public half of a key that recordings are sealed to: <c>mrk1.</c> and the point in base64url. Unlike the keys that sign it has a beginning of its own,
/// so that none is taken for the other.
/// </summary>
internal static class RecorderKey
{
    private const string Prefix = "mrk1.";
    private const int MaxBytes = 16 * 1024;

    public static string Text(HpkePublicKey key) => Prefix + Base64Url.EncodeToString(key.Point);

    /// <exception cref="CliException">It is none.</exception>
    public static HpkePublicKey Parse(string text) => TryParse(text.Trim(), out var key)
        ? key
        : throw new CliException($"\"{TerminalText.Line(text)}\" is no key that recordings are sealed to: one begins with {Prefix} and is made by: fleetctl recordings key FILE", ExitCodes.Usage);

    /// <param name="keyOrFile">A key, or the name of a file that holds one.</param>
    /// <exception cref="CliException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static HpkePublicKey Read(string keyOrFile) =>
        Parse(!keyOrFile.StartsWith(Prefix, StringComparison.Ordinal) && File.Exists(keyOrFile) ? Encoding.Latin1.GetString(SmallFile.Read(keyOrFile, MaxBytes)) : keyOrFile);

    private static bool TryParse(string text, [NotNullWhen(true)] out HpkePublicKey? key)
    {
        key = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.TryDecodeFromChars(text.AsSpan(Prefix.Length), buffer, out var length) && HpkePublicKey.TryImport(buffer.AsSpan(0, length), out key) && text == Text(key);
    }
}
