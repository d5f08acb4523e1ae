using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>
/// The folder of a file, reached name by name from an allowed one, each opened without following a link: whoever can write there cannot lead the
/// agent out of it, whatever is changed meanwhile.
/// </summary>
internal sealed class BeneathFolder : IPlace
{
    /// <summary>Larger files are not hashed while a command waits for it.</summary>
    public const long MaxHashedBytes = 16 * 1024 * 1024;

    private const uint OwnerFile = 0x180;
    private const int TemporaryFlags = BeneathCalls.ReadWrite | BeneathCalls.CloseOnExec;

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

    /// <inheritdoc/>
    public ITargetFile? OpenTarget() => OpenFile() is { } file ? new BeneathFile(file, _path) : null;

    /// <inheritdoc/>
    public IPlacedFile Create(string temporary) =>
        new BeneathFile(Checked(BeneathCalls.OpenAt(_folder, temporary, TemporaryFlags | BeneathCalls.Create | BeneathCalls.Exclusive | BeneathCalls.NoFollow, OwnerFile), _path), _path);

    /// <inheritdoc/>
    public IPlacedFile? Open(string temporary)
    {
        var file = BeneathCalls.OpenAt(_folder, temporary, TemporaryFlags | BeneathCalls.NoFollow | BeneathCalls.NonBlocking, 0);
        if (file.IsInvalid && Marshal.GetLastPInvokeError() == BeneathCalls.NoSuchFile)
        {
            return null;
        }

        Checked(file, _path);
        if (BeneathCalls.IsPlainFile(file))
        {
            return new BeneathFile(file, _path);
        }

        file.Dispose();
        throw new IOException($"{_path}: what was written of it is no plain file any more.");
    }

    /// <inheritdoc/>
    public bool Put(string temporary, bool mustBeNew)
    {
        if (!mustBeNew)
        {
            Check(BeneathCalls.RenameAt(_folder, temporary, _folder, _name));
            return true;
        }

        if (BeneathCalls.LinkAt(_folder, temporary, _folder, _name, 0) != 0)
        {
            return Marshal.GetLastPInvokeError() == BeneathCalls.Exists ? false : throw Failure(_path, Marshal.GetLastPInvokeError());
        }

        Delete(temporary);
        return true;
    }

    /// <inheritdoc/>
    public void Delete(string temporary)
    {
        if (BeneathCalls.UnlinkAt(_folder, temporary, 0) != 0 && Marshal.GetLastPInvokeError() != BeneathCalls.NoSuchFile)
        {
            throw Failure(_path, Marshal.GetLastPInvokeError());
        }
    }

    /// <inheritdoc/>
    public void Sync() => Check(BeneathCalls.Sync(_folder));

    /// <inheritdoc/>
    public DiskSpace? Space() => PhysicalDisk.Instance.Space(Self(_folder));

    /// <summary>Puts a whole new file in the place of the old one: both names and contents survive a power cut, old or new.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="mustBeNew">Fails when there is a file of that name, even one that has just been made.</param>
    /// <returns>False when there is one and must be none.</returns>
    /// <exception cref="IOException">The disk or the folder does not take it.</exception>
    public bool Replace(ReadOnlySpan<byte> content, int mode, bool mustBeNew)
    {
        var temporary = NewName();
        var isPlaced = false;
        using var file = Create(temporary);
        try
        {
            file.Write(0, content);
            file.ChangeMode(mode);
            file.Sync();
            isPlaced = Put(temporary, mustBeNew);
        }
        finally
        {
            if (!isPlaced)
            {
                _ = BeneathCalls.UnlinkAt(_folder, temporary, 0);
            }
        }

        if (isPlaced)
        {
            Sync();
        }

        return isPlaced;
    }

    /// <summary>A name for a file that is to become another one.</summary>
    public static string NewName() => string.Create(CultureInfo.InvariantCulture, $".messaging-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    public void Dispose() => _folder.Dispose();

    /// <summary>The agent's keys are nobody's, however they are reached.</summary>
    private static void Allow(SafeFileHandle folder, string forbidden)
    {
        var path = new FileInfo(Self(folder)).LinkTarget;
        if (path is null || (forbidden.Length > 0 && (path == forbidden || path.StartsWith(forbidden + "/", StringComparison.Ordinal))))
        {
            throw new IOException($"{path} is the agent's own: nothing of it is read or written.");
        }
    }

    private static string Self(SafeFileHandle folder) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)folder.DangerousGetHandle()}");

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
