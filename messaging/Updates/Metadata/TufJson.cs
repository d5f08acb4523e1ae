using System.Text;

namespace Messaging.Updates.Metadata;

/// <summary>A value of a metadata file. Everything that came is kept, known or not: signatures are over all of it.</summary>
internal sealed class TufJson(TufJsonKind kind)
{
    public static readonly TufJson Null = new(TufJsonKind.Null);
    public static readonly TufJson False = new(TufJsonKind.False);
    public static readonly TufJson True = new(TufJsonKind.True);

    public TufJsonKind Kind { get; } = kind;

    /// <summary>Of an integer.</summary>
    public long Number { get; init; }

    /// <summary>The UTF-8 of a text, without escapes.</summary>
    public byte[] Utf8 { get; init; } = [];

    /// <summary>The names of an object's members in UTF-8, ascending by their bytes.</summary>
    public byte[][] Names { get; init; } = [];

    /// <summary>The items of an array, or the values of <see cref="Names"/>.</summary>
    public TufJson[] Items { get; init; } = [];

    /// <summary>A text as a string.</summary>
    public string Text => Encoding.UTF8.GetString(Utf8);

    /// <summary>The member of an object, or null.</summary>
    public TufJson? Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = Names.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = name.SequenceCompareTo(Names[middle]);
            if (order == 0)
            {
                return Items[middle];
            }

            if (order < 0)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return null;
    }
}
