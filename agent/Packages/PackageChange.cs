using System.Text;

namespace Messaging.Agent.Packages;

/// <summary>One package before and after.</summary>
/// <param name="Name">As apt writes it: with an architecture where that is not the machine's.</param>
/// <param name="Old">Its version before; null: it was not there.</param>
/// <param name="New">Its version after; null: it is gone.</param>
internal sealed record PackageChange(string Name, string? Old, string? New)
{
    private const int Shown = 6;

    /// <summary>Without the architecture.</summary>
    public string BareName => Name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? Name[..at] : Name;

    public override string ToString() => Old is null ? $"{Name} {New} installed" : New is null ? $"{Name} {Old} removed" : $"{Name} {Old} → {New}";

    /// <summary>As what would be done.</summary>
    public string AsPlan() => Old is null ? $"install {Name} {New}" : New is null ? $"remove {Name} {Old}" : $"change {Name} {Old} -> {New}";

    /// <summary>The first of them, in a sentence.</summary>
    public static string List(IReadOnlyList<PackageChange> changes)
    {
        if (changes.Count == 0)
        {
            return "Nothing was changed.";
        }

        var text = new StringBuilder();
        for (var i = 0; i < changes.Count && i < Shown; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(changes[i].ToString());
        }

        return text.Append(changes.Count > Shown ? $" and {changes.Count - Shown} more." : ".").ToString();
    }
}
