namespace Messaging.Agent.Configuration;

/// <summary>How the text of an option is read.</summary>
internal enum OptionKind
{
    Text,

    /// <summary>An absolute path, or empty where the default is.</summary>
    Path,
    Number,

    /// <summary>A number that may be negative and have a fraction.</summary>
    Decimal,

    /// <summary>Bytes; may have a unit.</summary>
    Size,
    Duration,

    /// <summary>Values separated by commas.</summary>
    List,

    /// <summary>One of a few words.</summary>
    Choice,
}
