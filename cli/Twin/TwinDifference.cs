using System.Globalization;
using System.Security.Cryptography;
using Messaging.Twin;

namespace Messaging.Cli.Twin;

/// <summary>What one desired state has other than another, a line each. Pure.</summary>
internal static class TwinDifference
{
    /// <param name="before">Null: nothing was wanted.</param>
    /// <param name="after">What is to be wanted.</param>
    public static IReadOnlyList<string> Lines(DesiredState? before, DesiredState after)
    {
        var left = Properties(before);
        var right = Properties(after);
        var lines = new List<string>();
        foreach (var name in left.Keys.Union(right.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, now) = (left.GetValueOrDefault(name), right.GetValueOrDefault(name));
            if (old is null)
            {
                lines.Add($"+ {name}{After(now!)}");
            }
            else if (now is null)
            {
                lines.Add($"- {name}{After(old)}");
            }
            else if (old != now)
            {
                lines.Add($"~ {name} = {old} -> {now}");
            }
        }

        return lines;
    }

    private static string After(string value) => value.Length == 0 ? "" : " = " + value;

    private static Dictionary<string, string> Properties(DesiredState? state)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        if (state is null)
        {
            return all;
        }

        foreach (var setting in state.Settings)
        {
            all["setting " + setting.Key] = setting.Value;
        }

        foreach (var file in state.Files)
        {
            all["file " + file.Path] = string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Bytes.Length} bytes, mode 0{Convert.ToString(file.Mode, 8)}, sha256 {Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span))[..16]}");
        }

        foreach (var unit in state.Units)
        {
            all["unit " + unit] = "";
        }

        foreach (var app in state.App)
        {
            all["app " + app.Name] = app.Value.Kind == AppValueKind.Text ? $"\"{app.Value.Text}\"" : app.Value.Text;
        }

        return all;
    }
}
