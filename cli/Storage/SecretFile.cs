using System.Security.Cryptography;
using System.Text;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Storage;

/// <summary>Files whose first line is a secret, and that nobody but their owner may read.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 4096;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The first line without its end. The caller erases it after use.</summary>
    /// <exception cref="CliException">Others may read it, or it is empty or no text.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static char[] ReadFirstLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

        // Of what was opened, not of what has the name by now.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
        {
            throw new CliException($"{path} can be read by others than its owner. If nobody has read it, run: chmod 600 {path}");
        }

        var bytes = SmallFile.Read(file, path, MaxBytes);
        try
        {
            var end = bytes.AsSpan().IndexOf((byte)'\n');
            var line = bytes.AsSpan(0, end < 0 ? bytes.Length : end).TrimEnd((byte)'\r');
            var text = new char[Utf8.GetCharCount(line)];
            Utf8.GetChars(line, text);
            return text.Length > 0 ? text : throw new CliException($"The first line of {path} is empty.");
        }
        catch (DecoderFallbackException)
        {
            throw new CliException($"The first line of {path} is no text in UTF-8.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
