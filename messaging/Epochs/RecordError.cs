namespace Messaging.Epochs;

/// <summary>Why a record was refused.</summary>
public enum RecordError
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The frame is not a record.</summary>
    NotARecord,

    /// <summary>The frame names another sender or another epoch.</summary>
    WrongEpoch,

    /// <summary>It does not open: forged, altered, or re-addressed.</summary>
    NotAuthentic,
}
