namespace Messaging.Updates.Releases;

/// <summary>The words for states.</summary>
public static class UpdateStates
{
    private static readonly string[] Words =
        ["assigned", "downloading", "verifying", "staged", "waiting", "switching", "booted", "checking", "committed", "reverted", "failed"];

    /// <summary>In the order of the states.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word for it.</summary>
    public static string Word(this UpdateState state) => Words[(int)state];

    /// <summary>Null when it is none.</summary>
    public static UpdateState? Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var index ? (UpdateState)index : null;

    /// <summary>Nothing follows.</summary>
    public static bool IsFinal(this UpdateState state) => state >= UpdateState.Committed;

    /// <summary>What was there before may have been replaced.</summary>
    public static bool IsSwitched(this UpdateState state) => state is >= UpdateState.Switching and < UpdateState.Failed;
}
