namespace Messaging.Updates.Metadata;

/// <summary>Members of metadata, with an error that names them. Members that are not asked for are left alone.</summary>
/// <param name="file">Whose, for what is wrong with it.</param>
internal readonly struct TufFields(string file)
{
    public TufException Malformed(string message) => new(TufFailure.Malformed, file, message);

    public TufJson Member(TufJson value, string name, TufJsonKind kind) =>
        Optional(value, name, kind) ?? throw Malformed($"{name} is missing");

    public TufJson? Optional(TufJson value, string name, TufJsonKind kind)
    {
        Span<byte> utf8 = stackalloc byte[32];
        System.Text.Encoding.UTF8.TryGetBytes(name, utf8, out var length);
        var member = value.Find(utf8[..length]);
        return member is null || member.Kind == kind ? member : throw Malformed($"{name} is of another kind");
    }

    public string Text(TufJson value, string name, int maxBytes)
    {
        var text = Member(value, name, TufJsonKind.Text);
        return IsShort(text.Utf8, maxBytes) ? text.Text : throw Malformed($"{name} is empty or longer than {maxBytes} bytes");
    }

    public long Number(TufJson value, string name, long least)
    {
        var number = Member(value, name, TufJsonKind.Integer).Number;
        return number >= least ? number : throw Malformed($"{name} is below {least}");
    }

    public bool Flag(TufJson value, string name)
    {
        var flag = value.Find(System.Text.Encoding.UTF8.GetBytes(name));
        return flag?.Kind switch
        {
            null or TufJsonKind.False => false,
            TufJsonKind.True => true,
            _ => throw Malformed($"{name} is of another kind"),
        };
    }

    /// <summary>An object with at most so many members, each of them an object.</summary>
    public TufJson Map(TufJson value, string name, int max)
    {
        var map = Member(value, name, TufJsonKind.Object);
        if (map.Items.Length > max)
        {
            throw Malformed($"{name} has more than {max} members");
        }

        foreach (var item in map.Items)
        {
            _ = item.Kind == TufJsonKind.Object ? item : throw Malformed($"a member of {name} is no object");
        }

        return map;
    }

    /// <summary>An array of at most so many items of one kind.</summary>
    public TufJson[] List(TufJson value, string name, int max, TufJsonKind kind)
    {
        var items = Member(value, name, TufJsonKind.Array).Items;
        if (items.Length > max)
        {
            throw Malformed($"{name} has more than {max} items");
        }

        foreach (var item in items)
        {
            _ = item.Kind == kind ? item : throw Malformed($"an item of {name} is of another kind");
        }

        return items;
    }

    /// <summary>An array of texts, none empty and none twice.</summary>
    public string[] Texts(TufJson value, string name, int max, int maxBytes)
    {
        var items = List(value, name, max, TufJsonKind.Text);
        var texts = new string[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            texts[i] = IsShort(items[i].Utf8, maxBytes) ? items[i].Text : throw Malformed($"an item of {name} is empty or longer than {maxBytes} bytes");
            if (Array.IndexOf(texts, texts[i]) < i)
            {
                throw Malformed($"an item of {name} stands twice");
            }
        }

        return texts;
    }

    private static bool IsShort(byte[] text, int maxBytes) => text.Length > 0 && text.Length <= maxBytes;
}
