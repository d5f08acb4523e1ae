namespace Messaging.Agent.Helper;

internal enum HelperOutcome
{
    /// <summary>systemd's job ended, or the reboot is accepted.</summary>
    Done,

    /// <summary>The root-owned file does not allow it, or the one who asks may not ask.</summary>
    Refused,

    /// <summary>systemd answered with an error.</summary>
    Failed,

    /// <summary>The job did not end in time; it goes on.</summary>
    Late,

    /// <summary>The helper cannot reach systemd.</summary>
    Unavailable,
}
