using System.Text;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>Builds what is signed. Texts have no control characters here but for the line ends of keys.</summary>
internal static class JsonTree
{
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right));

    public static TufJson Text(string text) => new(TufJsonKind.Text) { Utf8 = Encoding.UTF8.GetBytes(text) };

    public static TufJson Number(long number) => new(TufJsonKind.Integer) { Number = number };

    public static TufJson Array(IEnumerable<TufJson> items) => new(TufJsonKind.Array) { Items = [.. items] };

    /// <summary>An object; no name may stand twice.</summary>
    public static TufJson Object(params IEnumerable<(string Name, TufJson Value)> members)
    {
        var all = members.ToList();
        byte[][] names = [.. all.Select(static one => Encoding.UTF8.GetBytes(one.Name))];
        TufJson[] values = [.. all.Select(static one => one.Value)];
        System.Array.Sort(names, values, ByBytes);
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i].AsSpan().SequenceEqual(names[i - 1]))
            {
                throw new ArgumentException($"{Encoding.UTF8.GetString(names[i])} is there twice.", nameof(members));
            }
        }

        return new TufJson(TufJsonKind.Object) { Names = names, Items = values };
    }
}
