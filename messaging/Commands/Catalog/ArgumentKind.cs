namespace Messaging.Commands.Catalog;

/// <summary>What an argument is, in the JSON that people and programs write.</summary>
public enum ArgumentKind
{
    /// <summary>A text of 1 to <see cref="CommandArgument.Max"/> bytes of UTF-8, without NUL.</summary>
    Text,

    /// <summary>A list of texts; <see cref="CommandArgument.Max"/> bytes each.</summary>
    Texts,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number with a fraction; thousandths count.</summary>
    Share,

    /// <summary>Names with whole milliseconds.</summary>
    Intervals,

    /// <summary>Bytes in base64, at most <see cref="CommandArgument.Max"/>.</summary>
    Base64,

    /// <summary>32 lower-case hexadecimal digits.</summary>
    Id,

    /// <summary>64 lower-case hexadecimal digits; or empty.</summary>
    Hash,

    /// <summary>One of <see cref="CommandArgument.Choices"/>.</summary>
    Choice,

    /// <summary>Options of the agent, <c>Section:Key</c>, with their values as texts.</summary>
    Settings,

    /// <summary>Paths with the files that are to be there: <c>content</c>, bytes in base64, and <c>mode</c>, a number; 420 (0644) unless given.</summary>
    Files,

    /// <summary>Names with a text, a number, true or false.</summary>
    Values,
}
