namespace Messaging.Updates.Deltas;

/// <summary>Why a delta was refused.</summary>
public enum DeltaFailure
{
    /// <summary>It does not begin as a delta does, or is of a later format.</summary>
    NotADelta = 1,

    /// <summary>The new file is longer than the caller allows.</summary>
    TooLarge = 2,

    /// <summary>The old file is not the one that the delta was made from: another length or another SHA-256.</summary>
    WrongOld = 3,

    /// <summary>It ends too early.</summary>
    Truncated = 4,

    /// <summary>Something follows after its end.</summary>
    TrailingBytes = 5,

    /// <summary>It copies from outside of the old file.</summary>
    OutsideOld = 6,

    /// <summary>It says what no writer says: a length that cannot be, or codes that end elsewhere.</summary>
    Malformed = 7,

    /// <summary>It makes another file than it says, by the SHA-256.</summary>
    WrongNew = 8,
}
