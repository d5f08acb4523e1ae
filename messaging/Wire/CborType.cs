namespace Messaging.Wire;

/// <summary>The kinds of item that the profile uses. Everything else that CBOR has (floats, tags, undefined, indefinite lengths) is malformed.</summary>
public enum CborType
{
    /// <summary>The end of the input, or a first byte that the profile does not use.</summary>
    None,

    /// <summary>An unsigned integer (major type 0).</summary>
    Natural,

    /// <summary>A negative integer (major type 1).</summary>
    Negative,

    /// <summary>A byte string (major type 2).</summary>
    Bytes,

    /// <summary>A text string (major type 3), valid UTF-8.</summary>
    Text,

    /// <summary>An array (major type 4).</summary>
    Array,

    /// <summary>A map (major type 5): COSE headers only.</summary>
    Map,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,
}
