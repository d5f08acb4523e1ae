namespace Messaging.Updates.Metadata;

/// <summary>The kinds of values that metadata has; there are no fractions.</summary>
internal enum TufJsonKind
{
    Null,
    False,
    True,
    Integer,
    Text,
    Array,
    Object,
}
