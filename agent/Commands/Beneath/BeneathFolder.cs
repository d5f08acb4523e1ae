using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>
/// The folder of a file, reached name by name from an allowed one, each opened without following a link: whoever can write there cannot lead the
/// agent out of it, whatever is changed meanwhile.
/// </summary>
internal sealed class BeneathFolder : IDisposable
{
    /// <summary>Larger files are not hashed.</summary>
    public const long MaxHashedBytes = 16 * 1024 * 1024;

    private readonly SafeFileHandle _folder;
    private readonly string _name;
    private readonly string _path;

    private BeneathFolder(SafeFileHandle folder, string name, string path)
    {
        _folder = folder;
        _name = name;
        _path = path;
    }

    /// <param name="root">The allowed folder; links in its own path are its owner's.</param>
    /// <param name="names">From there to the file.</param>
    /// <param name="forbidden">A folder that must not be reached, though it may be below: the agent's own.</param>
    /// <exception cref="IOException">A folder is not there, is a link or may not be opened.</exception>
    public static BeneathFolder Open(string root, string[] names, string forbidden)
    {
        var path = root.TrimEnd('/');
        var folder = Checked(BeneathCalls.OpenAt(BeneathCalls.CurrentDirectory, root, BeneathCalls.Folder | BeneathCalls.CloseOnExec, 0), root);
        try
        {
            Allow(folder, forbidden);
            foreach (var name in names.AsSpan(0, names.Length - 1))
            {
                path = $"{path}/{name}";
                var next = Checked(
                    BeneathCalls.OpenAt(folder, name, BeneathCalls.Folder | BeneathCalls.NoFollow | BeneathCalls.CloseOnExec, 0), path);
                folder.Dispose();
                folder = next;
                Allow(folder, forbidden);
            }
        }
        catch (IOException)
        {
            folder.Dispose();
            throw;
        }

        return new BeneathFolder(folder, names[^1], $"{path}/{names[^1]}");
    }

    /// <summary>The file, which is none but a plain one; null when it is not there.</summary>
    /// <exception cref="IOException">It is a link, no plain file, or may not be read.</exception>
    public SafeFileHandle? OpenFile()
    {
        var file = BeneathCalls.OpenAt(_folder, _name, BeneathCalls.NoFollow | BeneathCalls.CloseOnExec | BeneathCalls.NonBlocking, 0);
        if (file.IsInvalid && Marshal.GetLastPInvokeError() == BeneathCalls.NoSuchFile)
        {
            return null;
        }

        Checked(file, _path);
        if (BeneathCalls.IsPlainFile(file))
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"{_path} is no plain file.");
    }

    /// <summary>SHA-256 of the whole content.</summary>
    public static byte[] Hash(SafeFileHandle file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        int count;
        for (long at = 0; (count = RandomAccess.Read(file, buffer, at)) > 0; at += count)
        {
            hash.AppendData(buffer.AsSpan(0, count));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Puts a whole new file in the place of the old one: both names and contents survive a power cut, old or new.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="mustBeNew">Fails when there is a file of that name, even one that has just been made.</param>
    /// <returns>False when there is one and must be none.</returns>
    /// <exception cref="IOException">The disk or the folder does not take it.</exception>
    public bool Replace(ReadOnlySpan<byte> content, int mode, bool mustBeNew)
    {
        var temporary = string.Create(CultureInfo.InvariantCulture, $".messaging-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        using (var file = Checked(
            BeneathCalls.OpenAt(
                _folder, temporary, BeneathCalls.WriteOnly | BeneathCalls.Create | BeneathCalls.Exclusive | BeneathCalls.NoFollow | BeneathCalls.CloseOnExec, 0x180),
            _path))
        {
            var isPlaced = false;
            try
            {
                RandomAccess.Write(file, content, 0);
                Check(BeneathCalls.ChangeMode(file, (uint)mode));
                Check(BeneathCalls.Sync(file));
                if (mustBeNew)
                {
                    if (BeneathCalls.LinkAt(_folder, temporary, _folder, _name, 0) != 0)
                    {
                        return Marshal.GetLastPInvokeError() == BeneathCalls.Exists ? false : throw Failure(_path, Marshal.GetLastPInvokeError());
                    }
                }
                else
                {
                    Check(BeneathCalls.RenameAt(_folder, temporary, _folder, _name));
                    isPlaced = true;
                }
            }
            finally
            {
                if (!isPlaced)
                {
                    _ = BeneathCalls.UnlinkAt(_folder, temporary, 0);
                }
            }
        }

        Check(BeneathCalls.Sync(_folder));
        return true;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The agent's keys are nobody's, however they are reached.</summary>
    private static void Allow(SafeFileHandle folder, string forbidden)
    {
        var path = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)folder.DangerousGetHandle()}")).LinkTarget;
        if (path is null || (forbidden.Length > 0 && (path == forbidden || path.StartsWith(forbidden + "/", StringComparison.Ordinal))))
        {
            throw new IOException($"{path} is the agent's own: nothing of it is read or written.");
        }
    }

    private static SafeFileHandle Checked(SafeFileHandle handle, string path)
    {
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw Failure(path, error);
    }

    private void Check(int result)
    {
        if (result != 0)
        {
            throw Failure(_path, Marshal.GetLastPInvokeError());
        }
    }

    private static IOException Failure(string path, int error) => new(error is BeneathCalls.TooManyLinks or BeneathCalls.NotAFolder
        ? $"{path} is a link, or no folder where one should be; links are not followed."
        : $"{path}: {new Win32Exception(error).Message}.");
}
