namespace Messaging.Updates.Releases;

/// <summary>Why an update was not committed: names that programs may compare. Others are possible.</summary>
public static class UpdateReasons
{
    /// <summary>Somebody cancelled it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its time was over.</summary>
    public const string Deadline = "deadline";

    /// <summary>Repository and assignment name different things.</summary>
    public const string NotAssignedSo = "not-assigned-so";

    /// <summary>What the repository says of the target is no release.</summary>
    public const string NotARelease = "not-a-release";

    /// <summary>It is for other hardware.</summary>
    public const string WrongHardware = "wrong-hardware";

    /// <summary>It is the other build of the agent, which would not start in the unit that is installed.</summary>
    public const string WrongBuild = "wrong-build";

    /// <summary>It needs what is not there.</summary>
    public const string RequirementMissing = "requirement-missing";

    /// <summary>Its counter is not above that of what is installed.</summary>
    public const string Older = "older";

    /// <summary>The device cannot install such a kind.</summary>
    public const string UnsupportedKind = "unsupported-kind";

    /// <summary>There is not enough room on the disk.</summary>
    public const string NoSpace = "no-space";

    /// <summary>No repository could be reached.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>What was fetched is not the content that is named.</summary>
    public const string BadContent = "bad-content";

    /// <summary>A delta did not make the content, and the whole was not to be had.</summary>
    public const string BadDelta = "bad-delta";

    /// <summary>It is encrypted, and the key does not open it, or is missing.</summary>
    public const string BadKey = "bad-key";

    /// <summary>Root's file on the device does not allow it.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>Whoever signed its command may not have it installed any more, by the fleet's policy or the device's owner.</summary>
    public const string NotPermitted = "not-permitted";

    /// <summary>The program that installs it failed.</summary>
    public const string HookFailed = "hook-failed";

    /// <summary>The new one did not start; the guard switched back.</summary>
    public const string StartFailed = "start-failed";

    /// <summary>Its checks did not pass in time.</summary>
    public const string Unhealthy = "unhealthy";

    /// <summary>Another update is under way.</summary>
    public const string Busy = "busy";

    /// <summary>The device went down at a moment after which it could not go on.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>A refusal of section 28, such as <c>tuf-rollback</c>.</summary>
    public static string Of(TufFailure failure) => "tuf-" + Word(failure);

    private static string Word(TufFailure failure) => failure switch
    {
        TufFailure.Malformed => "malformed",
        TufFailure.NotSigned => "not-signed",
        TufFailure.Threshold => "threshold",
        TufFailure.Rollback => "rollback",
        TufFailure.Freeze => "freeze",
        TufFailure.MixAndMatch => "mix-and-match",
        TufFailure.EndlessData => "endless-data",
        TufFailure.WrongLength => "wrong-length",
        TufFailure.WrongHash => "wrong-hash",
        TufFailure.Slow => "slow",
        TufFailure.Missing => "missing",
        TufFailure.UnknownTarget => "unknown-target",
        _ => "no-root",
    };
}
