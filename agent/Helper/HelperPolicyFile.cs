using System.Text;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Local;
using Messaging.Agent.Packages;
using Messaging.Agent.Systemd;
using Messaging.Commands;
using Messaging.Updates.Releases;
using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Helper;

/// <summary>
/// The file that says what the helper may do. Whoever could write to it could do it: it counts only when it and its folder belong to
/// root and nobody else can write to either, and only when all of it is understood.
/// </summary>
internal static class HelperPolicyFile
{
    public const string DefaultPath = "/etc/messaging-agent/helper.conf";
    private const int MaxBytes = 64 * 1024;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private static readonly System.Buffers.SearchValues<char> UserCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");
    private static readonly TimeSpan DefaultRebootAfter = TimeSpan.FromMinutes(2);

    /// <param name="path">Absolute.</param>
    /// <param name="owner">The user that the helper acts as: root.</param>
    /// <exception cref="HelperPolicyException">It does not count; the message says why.</exception>
    public static HelperPolicy Read(string path, uint owner)
    {
        try
        {
            if (!File.Exists(path))
            {
                throw new HelperPolicyException($"there is no {path}, so that nothing is allowed.");
            }

            CheckOwner(Path.GetDirectoryName(path)!, owner);
            if (NoFollowFile.TryRead(path, MaxBytes, out var content) is { } problem)
            {
                throw new HelperPolicyException($"{path} does not count: {problem}.");
            }

            CheckOwner(path, owner);
            return Parse(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HelperPolicyException($"{path} cannot be read: {e.Message}");
        }
    }

    private static void CheckOwner(string path, uint owner)
    {
        if (FileOwner.Of(path) != owner || (File.GetUnixFileMode(path) & OthersMayWrite) != UnixFileMode.None)
        {
            throw new HelperPolicyException($"{path} does not count: it must belong to root, and nobody else may write to it (chown root, chmod go-w).");
        }
    }

    private static HelperPolicy Parse(string path, byte[] content)
    {
        IConfigurationRoot values;
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        if (IniLines.FirstProblem(lines) is { } wrong)
        {
            throw new HelperPolicyException($"{path}:{wrong.Line}: {wrong.What}.");
        }

        try
        {
            using var stream = new MemoryStream(content);
            values = new ConfigurationBuilder().AddIniStream(stream).Build();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new HelperPolicyException($"{path}: {e.Message}");
        }

        var places = IniLines.Keys(lines);
        var policy = new HelperPolicy(path, [], Reboot: false, DefaultRebootAfter);
        foreach (var (key, text) in values.AsEnumerable())
        {
            if (text is not null)
            {
                policy = With(policy, key, text)
                    ?? throw new HelperPolicyException($"{path}:{places.GetValueOrDefault(key)}: {key.Replace(':', ' ')} = {text} is not understood, so that nothing is allowed.");
            }
        }

        return policy;
    }

    /// <summary>Null when the line is not understood.</summary>
    private static HelperPolicy? With(HelperPolicy policy, string key, string text) => key.ToUpperInvariant() switch
    {
        "HELPER:UNITS" when ValueList.Split(text) is var units && units.All(UnitName.IsValidPattern) => policy with { Units = units },
        "HELPER:REBOOT" when text is "yes" or "no" => policy with { Reboot = text == "yes" },
        "HELPER:REBOOTAFTER" when OptionText.TryDuration(text, out var after) && after >= TimeSpan.Zero => policy with { RebootAfter = after },
        "HELPER:SHELL" when IsUser(text) => policy with { Shell = text },
        "HELPER:PACKAGES" when ValueList.Split(text) is var names && names.All(IsPackagePattern) => policy with { Packages = policy.Packages with { Names = names } },
        "HELPER:PACKAGEACTIONS" when ValueList.Split(text) is var actions && actions.All(action => PackagePolicy.KnownActions.Contains(action)) =>
            policy with { Packages = policy.Packages with { Actions = actions } },
        "HELPER:UPDATEKEEP" when text is "yes" or "no" => policy with { UpdateKeep = text == "yes" },
        "HELPER:UPDATEKINDS" when ValueList.Split(text) is var kinds && kinds.All(ReleaseText.IsKind) => policy with { UpdateKinds = kinds },
        _ => null,
    };

    /// <summary>A package's name that may have <c>*</c> in it.</summary>
    private static bool IsPackagePattern(string text) => text == "*" || PackageReference.IsName(text.Replace("*", "xx", StringComparison.Ordinal));

    /// <summary>As useradd(8) takes them; nothing that a program could take for an option.</summary>
    private static bool IsUser(string text) =>
        text.Length is > 0 and <= 32 && (char.IsAsciiLetterLower(text[0]) || text[0] == '_') && !text.AsSpan().ContainsAnyExcept(UserCharacters);
}
