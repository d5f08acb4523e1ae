using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Twin;

/// <summary>
/// What a device is to be like, and the arguments of "desired-set": [version, [[key, value]...], [[path, mode, bytes]...], [unit...],
/// [[name, [kind, text]]...]]. Names ascend, none twice.
/// </summary>
public sealed class DesiredState
{
    /// <summary>The highest version: what JavaScript counts exactly.</summary>
    public const ulong MaxVersion = (1UL << 53) - 1;

    /// <summary>The most properties of all kinds together.</summary>
    public const int MaxProperties = 128;

    /// <param name="version">1 to <see cref="MaxVersion"/>; only rises on a device.</param>
    /// <param name="settings">In any order, none twice.</param>
    /// <param name="files">In any order, none twice.</param>
    /// <param name="units">In any order, none twice.</param>
    /// <param name="app">In any order, none twice.</param>
    public DesiredState(
        ulong version, IEnumerable<DesiredSetting> settings, IEnumerable<DesiredFile> files, IEnumerable<string> units, IEnumerable<DesiredApp> app)
    {
        Version = version;
        Settings = Sorted(settings, static one => one.Key);
        Files = Sorted(files, static one => one.Path);
        Units = Sorted(units, static one => one);
        App = Sorted(app, static one => one.Name);
    }

    /// <summary>Which of its versions.</summary>
    public ulong Version { get; }

    /// <summary>Options of the agent.</summary>
    public IReadOnlyList<DesiredSetting> Settings { get; }

    /// <summary>Files.</summary>
    public IReadOnlyList<DesiredFile> Files { get; }

    /// <summary>Units that are to be active.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>Values of the device's own programs.</summary>
    public IReadOnlyList<DesiredApp> App { get; }

    /// <summary>How many properties it has.</summary>
    public int Count => Settings.Count + Files.Count + Units.Count + App.Count;

    /// <summary>The commands that do by themselves what this does: whoever has this set must be one who may have them run.</summary>
    public IEnumerable<string> Stands()
    {
        if (Settings.Count > 0)
        {
            yield return CommandTypes.SetIntervals;
        }

        if (Files.Count > 0)
        {
            yield return CommandTypes.FileWrite;
        }

        if (Units.Count > 0)
        {
            yield return CommandTypes.RestartUnit;
        }

        if (App.Count > 0)
        {
            yield return CommandTypes.App;
        }
    }

    /// <summary>SHA-256 of the wire form: two with the same one are the same.</summary>
    public byte[] Digest() => SHA256.HashData(Encode());

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is beyond its limits, or a name is there twice.</exception>
    public byte[] Encode()
    {
        var encoded = MessageBuffer.Write(this, static (state, ref writer) => DesiredCodec.Write(ref writer, state));
        return encoded.Length <= Command.MaxArgumentBytes
            ? encoded
            : throw new InvalidOperationException($"A desired state has at most {Command.MaxArgumentBytes} bytes; this one has {encoded.Length}.");
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DesiredState? state)
    {
        state = null;
        if (data.Length > Command.MaxArgumentBytes)
        {
            return false;
        }

        var reader = new CborReader(data);
        return DesiredCodec.TryRead(ref reader, out state) && reader.AtEnd;
    }

    private static T[] Sorted<T>(IEnumerable<T> values, Func<T, string> name)
        where T : class
    {
        T[] sorted = [.. values];
        Array.Sort(sorted, (left, right) => TwinText.Compare(name(left), name(right)));
        return sorted;
    }
}
