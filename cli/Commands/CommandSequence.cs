using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Commands;

/// <summary>
/// The numbers of a key's commands. They rise for ever: a device refuses a number at or below one that it has accepted. They follow the
/// clock in microseconds, so that another machine with a copy of the key goes on where this one is, and FILE.seq keeps the last one, so that
/// a clock that goes back does no harm.
/// </summary>
/// <param name="keyFile">The key.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandSequence(string keyFile, TimeProvider time)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Beside the key.</summary>
    public string Path { get; } = keyFile + ".seq";

    /// <summary>The next number: durable before it is returned, and never returned again.</summary>
    /// <exception cref="CliException">The file is damaged, or another process holds it.</exception>
    public async Task<ulong> NextAsync(CancellationToken ct)
    {
        // A file of its own: a lock on what is about to be renamed over would hold nobody back.
        using var held = await LockAsync(Path + ".lock", ct);
        var last = Read();
        var next = Next(last, time.GetUtcNow());
        if (next > long.MaxValue)
        {
            throw new CliException($"{Path} holds the highest number that there is: this key can sign no more commands. Make a new one.");
        }

        DurableFile.Replace(Path, SequenceText.Encode(next));
        return next;
    }

    /// <summary>The higher one of the last plus one and the clock.</summary>
    internal static ulong Next(ulong last, DateTimeOffset now) =>
        Math.Max(last + 1, (ulong)Math.Max(0, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

    private ulong Read()
    {
        if (!File.Exists(Path))
        {
            return 0;
        }

        var bytes = SmallFile.Read(Path, 4096);
        return SequenceText.TryDecode(bytes, out var last) && last <= long.MaxValue
            ? last
            : throw new CliException(
                $"{Path} is damaged. It keeps the highest number that this key has used, and devices refuse lower ones, so it is not begun anew. "
                + "Restore it from a copy; without one, see that this machine's clock is right and remove the file: numbers follow the clock.");
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        for (var waited = TimeSpan.Zero; ; waited += Between)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException && File.Exists(path))
            {
                if (waited >= Patience)
                {
                    throw new CliException($"Another fleetctl uses this key: {path} is locked. Try again when it has ended.");
                }
            }

            await Task.Delay(Between, time, ct);
        }
    }
}
