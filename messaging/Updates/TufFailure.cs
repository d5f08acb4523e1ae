namespace Messaging.Updates;

/// <summary>Why an update was refused; most are the name of an attack (TUF, section 1.5.2).</summary>
public enum TufFailure
{
    /// <summary>It is no such file: not JSON, beyond a limit, or a member is missing or of another kind.</summary>
    Malformed = 1,

    /// <summary>No key of the role has signed it (an arbitrary software attack).</summary>
    NotSigned = 2,

    /// <summary>Keys of the role have signed it, but fewer than its threshold.</summary>
    Threshold = 3,

    /// <summary>It is older than what is trusted, or no longer lists what was listed.</summary>
    Rollback = 4,

    /// <summary>It had expired when the update began (an indefinite freeze).</summary>
    Freeze = 5,

    /// <summary>It is of another version than the file that lists it says.</summary>
    MixAndMatch = 6,

    /// <summary>It has more bytes than are listed or allowed.</summary>
    EndlessData = 7,

    /// <summary>It has fewer bytes than are listed.</summary>
    WrongLength = 8,

    /// <summary>It has another hash than is listed, or none is listed that is known here.</summary>
    WrongHash = 9,

    /// <summary>It did not come in the time that its length allows.</summary>
    Slow = 10,

    /// <summary>The repository does not have a file that it must have.</summary>
    Missing = 11,

    /// <summary>No role that may do so names the target.</summary>
    UnknownTarget = 12,

    /// <summary>There is no root metadata to start from, or it is not its own.</summary>
    NoRoot = 13,
}
