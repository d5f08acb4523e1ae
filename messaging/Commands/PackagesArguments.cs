using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "packages": [action, [[name, version | null]...], allow downgrade, with recommends, limits].</summary>
/// <param name="action">What is to be done.</param>
/// <param name="packages">With which; at most <see cref="MaxPackages"/>. A version only for <see cref="PackageAction.Install"/>.</param>
/// <param name="allowDowngrade">A lower version than the installed one will do.</param>
/// <param name="withRecommends">Also what the packages recommend.</param>
/// <param name="limits">How long it may take, and how much of its output is sent.</param>
public sealed class PackagesArguments(PackageAction action, IReadOnlyList<PackageReference> packages, bool allowDowngrade, bool withRecommends, RunLimits limits)
{
    /// <summary>The most packages of one command.</summary>
    public const int MaxPackages = 64;

    private static readonly string[] Words = ["install", "remove", "upgrade", "refresh"];

    /// <summary>What is to be done.</summary>
    public PackageAction Action { get; } = action;

    /// <summary>With which.</summary>
    public IReadOnlyList<PackageReference> Packages { get; } = packages;

    /// <summary>A lower version than the installed one will do.</summary>
    public bool AllowDowngrade { get; } = allowDowngrade;

    /// <summary>Also what the packages recommend.</summary>
    public bool WithRecommends { get; } = withRecommends;

    /// <summary>How long it may take, and how much of its output is sent.</summary>
    public RunLimits Limits { get; } = limits;

    /// <summary>The words for actions, in JSON and between agent and helper.</summary>
    public static IReadOnlyList<string> ActionWords => Words;

    /// <summary>The word for it.</summary>
    public static string Word(PackageAction action) => Words[(int)action];

    /// <summary>Null when it is none.</summary>
    public static PackageAction? ParseAction(string word) => Array.IndexOf(Words, word) is >= 0 and var index ? (PackageAction)index : null;

    /// <summary>Null, or what is wrong with it, for people.</summary>
    public static string? Check(PackageAction action, IReadOnlyList<PackageReference> packages, bool allowDowngrade, bool withRecommends)
    {
        if (packages.Count > MaxPackages)
        {
            return $"packages takes at most {MaxPackages} packages.";
        }

        if (action == PackageAction.Refresh)
        {
            return packages.Count > 0 || allowDowngrade || withRecommends ? "refresh takes no packages, and nothing about them." : null;
        }

        if (packages.Count == 0 && action != PackageAction.Upgrade)
        {
            return $"{Word(action)} takes at least one package.";
        }

        for (var i = 0; i < packages.Count && action != PackageAction.Install; i++)
        {
            if (packages[i].Version is not null)
            {
                return $"{Word(action)} takes names without versions; install takes a version.";
            }
        }

        return action == PackageAction.Install || !allowDowngrade ? null : $"{Word(action)} does not take a lower version; install does.";
    }

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is none that a device would take.</exception>
    public byte[] Encode()
    {
        if (Check(Action, Packages, AllowDowngrade, WithRecommends) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        return MessageBuffer.Write(this, static (packages, ref writer) =>
        {
            writer.WriteArrayHead(5);
            writer.WriteUInt64((ulong)packages.Action);
            writer.WriteArrayHead(packages.Packages.Count, MaxPackages);
            foreach (var package in packages.Packages)
            {
                writer.WriteArrayHead(2);
                writer.WriteText(package.Name, PackageReference.MaxBytes);
                if (package.Version is { } version)
                {
                    writer.WriteText(version, PackageReference.MaxBytes);
                }
                else
                {
                    writer.WriteNull();
                }
            }

            writer.WriteBoolean(packages.AllowDowngrade);
            writer.WriteBoolean(packages.WithRecommends);
            packages.Limits.Write(ref writer);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PackagesArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadInt32(out var action, (int)PackageAction.Refresh)
            || !reader.TryReadArrayHead(out var count, MaxPackages))
        {
            return false;
        }

        var packages = new PackageReference[count];
        for (var i = 0; i < count; i++)
        {
            string? version = null;
            if (!reader.TryReadArray(2)
                || !reader.TryReadText(out var name, PackageReference.MaxBytes)
                || (!reader.TryReadNull() && !reader.TryReadText(out version, PackageReference.MaxBytes))
                || !PackageReference.TryCreate(name, version, out var package))
            {
                return false;
            }

            packages[i] = package;
        }

        if (!reader.TryReadBoolean(out var downgrade)
            || !reader.TryReadBoolean(out var recommends)
            || !RunLimits.TryRead(ref reader, out var limits)
            || !reader.AtEnd
            || Check((PackageAction)action, packages, downgrade, recommends) is not null)
        {
            return false;
        }

        arguments = new PackagesArguments((PackageAction)action, packages, downgrade, recommends, limits);
        return true;
    }
}
