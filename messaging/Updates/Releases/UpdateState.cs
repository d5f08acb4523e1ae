namespace Messaging.Updates.Releases;

/// <summary>Where an update is (messaging/spec/protocol.md, section 29), in the order in which it gets there.</summary>
public enum UpdateState
{
    /// <summary>Taken; it begins at a random moment.</summary>
    Assigned = 0,

    /// <summary>Metadata and artifact are fetched.</summary>
    Downloading = 1,

    /// <summary>What was fetched is made the content, and verified.</summary>
    Verifying = 2,

    /// <summary>It is laid into the inactive slot.</summary>
    Staged = 3,

    /// <summary>A maintenance window is waited for.</summary>
    Waiting = 4,

    /// <summary>It becomes the current one.</summary>
    Switching = 5,

    /// <summary>What was switched has started.</summary>
    Booted = 6,

    /// <summary>Its checks run.</summary>
    Checking = 7,

    /// <summary>It has passed: installed.</summary>
    Committed = 8,

    /// <summary>It has not: what was there before is there again.</summary>
    Reverted = 9,

    /// <summary>It never came to be switched.</summary>
    Failed = 10,
}
