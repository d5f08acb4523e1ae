using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>The words for states.</summary>
internal static class DeviceUpdateStates
{
    /// <summary>In the order of the states.</summary>
    public static readonly IReadOnlyList<string> Words =
    [
        "pending", "assigned", "downloading", "verifying", "staged", "waiting", "switching", "booted", "checking", "unproven", "committed", "reverted", "failed", "rejected", "expired", "cancelled", "unknown",
    ];

    public static string Word(this DeviceUpdateState state) => Words[(int)state];

    /// <summary>Nothing follows, but for a late word of the device.</summary>
    public static bool IsEnd(this DeviceUpdateState state) => state >= DeviceUpdateState.Committed;

    public static DeviceUpdateState? Parse(string word)
    {
        for (var i = 0; i < Words.Count; i++)
        {
            if (Words[i] == word)
            {
                return (DeviceUpdateState)i;
            }
        }

        return null;
    }

    /// <summary>What a device said, which is no end before it is signed.</summary>
    public static DeviceUpdateState Said(UpdateState state) => state.IsFinal() ? DeviceUpdateState.Unproven : (DeviceUpdateState)((int)state + 1);

    /// <summary>What a device has signed.</summary>
    public static DeviceUpdateState Signed(UpdateState outcome) => outcome switch
    {
        UpdateState.Committed => DeviceUpdateState.Committed,
        UpdateState.Reverted => DeviceUpdateState.Reverted,
        UpdateState.Failed => DeviceUpdateState.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not the end of an update."),
    };
}
